package searchtest

import (
	"slices"
	"strings"
	"sync"
)

// matter is what a letter is about.
type matter struct{ code, name, subject, words string }

func matters() []matter {
	return []matter{
		{"000.7.1.4", "Musrenbang Kecamatan", "Undangan Rapat Persiapan Musrenbang", "musyawarah perencanaan pembangunan usulan prioritas musrenbang"},
		{"300.1.4", "Pengamanan", "Permohonan Bantuan Pengamanan Hajat Lembur", "bantuan personel pengamanan hajat lembur keramaian"},
		{"400.7.13", "Gizi", "Data Stunting Triwulan", "data balita stunting gizi posyandu penimbangan"},
		{"400.9.14", "Penanggulangan Kemiskinan", "Surat Keterangan Tidak Mampu", "keterangan tidak mampu keringanan biaya perawatan"},
		{"400.12.3.2", "Perkawinan dan Perceraian", "Dispensasi Nikah", "dispensasi nikah calon mempelai akad"},
		{"000.5.6.1", "Pemindahan Arsip", "Berita Acara Serah Terima Arsip Inaktif", "pemindahan arsip inaktif boks berkas daftar"},
		{"100.3.4", "Surat Edaran", "Kesiapsiagaan Menghadapi Musim Hujan", "kerja bakti saluran air gorong-gorong siskamling longsor"},
		{"800.1.11.1", "Penugasan", "Penugasan Bimbingan Teknis Pengelolaan Arsip", "bimbingan teknis pengelolaan arsip dinamis"},
		{"400.10.2.4", "Keuangan dan Aset Desa", "Evaluasi Rancangan APBDes", "evaluasi rancangan apbdes belanja bidang anggaran"},
		{"400.12.2.1", "Identitas Penduduk", "Perekaman KTP Elektronik", "perekaman ktp elektronik jadwal layanan keliling"},
		{"500.3", "Koperasi dan UKM", "Pendataan Pelaku Usaha Mikro", "pendataan usaha mikro koperasi pelaku"},
		{"000.1.9", "Jaringan Listrik", "Pemberitahuan Pemadaman Listrik", "pemadaman listrik pemeliharaan jaringan gardu"},
		{"400.3", "Pendidikan", "Permohonan Narasumber", "narasumber penyuluhan siswa madrasah kegiatan"},
		{"600.1.2", "Jalan", "Pengaduan Jalan Rusak", "pengaduan jalan rusak berlubang perbaikan aspal"},
		{"800.1.6.6", "Pensiun", "Usulan Pensiun Pegawai", "usulan pensiun pegawai batas usia"},
		{"800.1.3.3", "Kenaikan Gaji Berkala", "Kenaikan Gaji Berkala", "kenaikan gaji berkala pangkat golongan"},
	}
}

type sender struct{ name, code string }

func senders() []sender {
	return []sender{
		{"Pemerintah Desa", "Ds.Pnj"},
		{"Dinas Kesehatan", "Dinkes"},
		{"Dinas Kependudukan dan Pencatatan Sipil", "Disdukcapil"},
		{"Sekretariat Daerah", "Setda"},
		{"Kepolisian Sektor", "Polsek"},
		{"Puskesmas", "Pkm"},
		{"Badan Pusat Statistik", "BPS"},
		{"Kantor Urusan Agama", "KUA"},
		{"Dinas Kearsipan dan Perpustakaan", "Disarpus"},
		{"PT PLN Unit Layanan", "PLN"},
		{"Bapperida Kabupaten Bandung", "Bapperida"},
		{"Madrasah Tsanawiyah", "MTs"},
		{"Karang Taruna", "KT"},
		{"Koramil", "Rml"},
	}
}

func villages() []string {
	return []string{"Babakan Peuteuy", "Cicalengka Kulon", "Cicalengka Wetan", "Cikuya", "Dampit", "Margaasih", "Nagrog", "Narawita", "Panenjoan", "Tanjungwangi", "Tenjolaya", "Waluya"}
}

func units() []string {
	return []string{"Seksi Pemerintahan", "Seksi Trantibum", "Seksi Pemberdayaan Masyarakat", "Seksi Sosial Budaya", "Seksi Pelayanan", "Subbagian Umum dan Kepegawaian", "Subbagian Program dan Keuangan"}
}

func kinds() []string {
	return []string{"undangan", "surat-tugas", "nota-dinas", "surat-edaran", "surat-keterangan", "berita-acara"}
}

func places() []string {
	return []string{"Aula Kantor Kecamatan", "Balai Desa", "Lapangan Desa", "Gedung Serbaguna", "Halaman Kantor", "Ruang Rapat Camat"}
}

func posts() []string {
	return []string{"Arsiparis", "Pengadministrasi Umum", "Kepala Seksi", "Bendahara", "Pranata Komputer", "Analis Kebijakan"}
}

func days() []string {
	return []string{"Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"}
}

func months() []string {
	return []string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"}
}

func forenames() []string {
	return strings.Fields("Ahmad Asep Cecep Cucu Dadang Dedi Deni Dian Eka Endang Euis Fajar Gilang Hendra Iis Imas Iwan Jajang Kokom Lilis Mamat Neni Nining Oneng Otong Rahmat Rina Siti Sri Tati Titin Ujang Wawan Yani Yayan Yuli Zaenal")
}

func surnames() []string {
	return strings.Fields("Budiman Cahyani Firmansyah Fauzan Gunawan Hermawan Hidayat Iskandar Komalasari Kurniadi Kurniawan Maulana Mulyana Mulyani Nugraha Nurhayati Nurjanah Permana Purnama Rahayu Ramdani Rohaeni Rosmiati Saepudin Setiawan Solihin Suganda Suhendar Sumiati Supriatna Suryani Sutisna Wahyudin Wijaya Yuningsih")
}

func syllables() []string {
	return strings.Fields("a ba ban bo ca ci cik da dam di du ga gun ha han i ja ka kar ku la lang le lem li lu ma man mar me mu na nang ni no nu pa pang pe pur ra ram ri ro ru sa sam se si su sun ta tan te ti tu u wa wang wi ya yan yu")
}

// vocabulary is some thousand words of official letters, the commonest first: those
// below, then their forms.
func vocabulary() []string { return words() }

var words = sync.OnceValue(func() []string { //nolint:gochecknoglobals // a constant that Go cannot write as one
	base := strings.Fields(`yang dan di untuk dengan pada dalam dari ke kecamatan desa kegiatan tersebut sebagai oleh surat kepala pelaksanaan tahun hal
 tanggal nomor masyarakat kabupaten bandung cicalengka ini agar serta akan telah dapat adalah atau bahwa kepada saudara kami para atas
 pemerintah daerah camat kantor pelayanan data laporan rapat hari jadwal berdasarkan peraturan undang-undang bersama ini disampaikan mohon
 dimohon hadir kehadiran perhatian terima kasih demikian waktu tempat acara pukul selesai undangan perihal lampiran sifat biasa segera
 penting daftar hadir nama jabatan pangkat golongan pegawai negeri sipil unit kerja seksi subbagian umum kepegawaian keuangan program
 perencanaan pembangunan anggaran belanja pendapatan dana alokasi bantuan keluarga harapan miskin penerima manfaat verifikasi validasi
 pendataan penduduk kependudukan kartu tanda elektronik akta kelahiran kematian pindah datang domisili usaha izin keramaian rekomendasi
 pengantar keterangan pernyataan permohonan pengajuan persetujuan penetapan keputusan pembentukan tim panitia susunan ketua sekretaris
 bendahara anggota koordinasi koordinator evaluasi monitoring pembinaan pengawasan pengendalian pemberdayaan perempuan perlindungan anak
 kesehatan posyandu puskesmas imunisasi gizi stunting balita hamil ibu lansia sanitasi lingkungan kebersihan sampah drainase saluran air
 jalan jembatan irigasi perbaikan pemeliharaan rehabilitasi gedung sekolah pendidikan dasar menengah madrasah pesantren guru siswa
 pelatihan bimbingan teknis sosialisasi penyuluhan narasumber peserta materi sertifikat keamanan ketertiban ketenteraman siskamling
 ronda patroli satuan polisi pamong praja linmas bencana banjir longsor kebakaran kekeringan evakuasi posko relawan logistik
 pertanian tani kelompok pupuk subsidi benih panen ternak perikanan pasar pedagang koperasi mikro kecil menengah pariwisata budaya seni
 olahraga pemuda karang taruna karya bakti gotong royong hari besar peringatan upacara bendera kemerdekaan keagamaan masjid zakat haji
 pernikahan nikah mempelai wali saksi waris ahli tanah sertipikat sengketa batas wilayah peta pengukuran pajak bumi bangunan pembayaran
 tunggakan rekening bank transfer kuitansi bukti pengeluaran pertanggungjawaban pemeriksaan inspektorat temuan tindak lanjut
 arsip berkas inaktif penyusutan pemusnahan penyimpanan retensi klasifikasi naskah dinas elektronik tanda tangan aplikasi sistem
 informasi jaringan internet komputer perangkat pengadaan barang jasa inventaris aset kendaraan operasional bahan bakar perjalanan
 tugas perintah menugaskan memerintahkan melaksanakan melaporkan menghadiri mengikuti mengundang menyampaikan menyelenggarakan
 meningkatkan memperhatikan mempedomani menindaklanjuti mengingat menimbang menetapkan memutuskan ditetapkan dilaksanakan diselenggarakan
 diundang ditugaskan dilaporkan diperlukan dipergunakan sebagaimana mestinya tembusan arahan petunjuk disposisi instruksi edaran
 pengumuman pemberitahuan pemadaman listrik gardu pelanggan gangguan telepon kontak alamat kode pos email laman resmi publik
 transparansi akuntabilitas survei kepuasan indeks mutu standar prosedur maklumat pengaduan aspirasi reses dewan fraksi komisi
 musyawarah musrenbang usulan prioritas rembuk badan permusyawaratan perangkat bumdes apbdes rkpdes rpjmdes profil monografi
 sensus statistik pencacah responden wawancara kuesioner rumah tangga pertanyaan jawaban hasil rekapitulasi tabel grafik`)
	all := slices.Clone(base)
	for _, form := range []string{"%snya", "pe%san", "me%skan", "di%skan", "ke%san", "ber%s", "ter%s", "me%si", "di%si", "se%s"} {
		for _, w := range base[20:] {
			all = append(all, strings.Replace(form, "%s", w, 1))
		}
	}
	return all
})
