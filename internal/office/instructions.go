package office

import (
	"context"

	"naskah/internal/account"
)

// Instructions are the standard words of dispositions in the actor's office, as an
// administrator has set them, else the usual ones.
func (o *Office) Instructions(ctx context.Context, actor account.Actor) ([]string, error) {
	words, err := o.DB.Instructions(ctx, actor.OfficeID)
	if err != nil || len(words) > 0 {
		return words, err
	}
	return usualInstructions(), nil
}

// usualInstructions stand on the disposition sheets of many offices.
func usualInstructions() []string {
	return []string{
		"Tindak lanjuti", "Untuk diketahui", "Koordinasikan", "Pelajari dan siapkan balasan", "Wakili / hadiri", "Laporkan hasilnya", "Selesaikan sesuai ketentuan",
		"Beri tanggapan dan saran", "Bicarakan dengan saya", "Jadwalkan", "Edarkan", "Arsipkan",
	}
}
