package office

import "naskah/internal/letter"

// demoScans are twelve invented letters on paper. Each has words that stand only
// in its picture.
func demoScans() []demoScan {
	village := func(name string) []string {
		return []string{"PEMERINTAH KABUPATEN BANDUNG", "KECAMATAN CICALENGKA", "DESA " + name}
	}
	agency := func(name string) []string { return []string{"PEMERINTAH KABUPATEN BANDUNG", name} }
	return []demoScan{
		{
			file: "pindai-0001.jpg", head: village("PANENJOAN"), sender: "Pemerintah Desa Panenjoan", number: "300.1.4/142/Ds.Pnj/XI/2026", subject: "Permohonan Bantuan Pengamanan Hajat Lembur", code: "300.1.4", day: 11, registered: true, desk: deskDisposed, urgency: letter.Urgent, signer: "KEPALA DESA PANENJOAN",
			pages: []string{"Disampaikan dengan hormat, dalam rangka kegiatan Hajat Lembur Desa Panenjoan yang akan dilaksanakan hari Sabtu, 28 November 2026 di Lapangan Desa Panenjoan dengan perkiraan kehadiran 1.500 orang, bersama ini kami memohon bantuan personel pengamanan.\nAcara dimeriahkan oleh kesenian wayang golek dan pencak silat.\nDemikian permohonan ini kami sampaikan, atas perhatian Bapak diucapkan terima kasih."},
		},
		{
			file: "pindai-0002.jpg", head: agency("SEKRETARIAT DAERAH"), sender: "Sekretariat Daerah Kabupaten Bandung", number: "000.1.5/2231/Setda/XI/2026", subject: "Undangan Apel Gabungan", code: "000.1.5", day: 10, registered: true, desk: deskCompleted, urgency: letter.Normal, signer: "SEKRETARIS DAERAH",
			pages: []string{"Mengharap kehadiran Saudara pada apel gabungan yang akan dilaksanakan pada hari Senin pukul 07.30 WIB di Lapangan Upakarti Soreang.\nPakaian dinas harian lengkap dengan atribut. Pembina apel adalah Bupati Bandung.\nDemikian untuk dilaksanakan."},
		},
		{
			file: "pindai-0003.pdf", head: agency("DINAS KESEHATAN"), sender: "Dinas Kesehatan Kabupaten Bandung", number: "400.7.13/884/Dinkes/XI/2026", subject: "Data Stunting Triwulan III", code: "400.7.13", day: 9, registered: true, desk: deskForwarded, asPDF: true, urgency: letter.Normal, signer: "KEPALA DINAS KESEHATAN",
			pages: []string{"Bersama ini disampaikan data prevalensi stunting triwulan III di wilayah Kecamatan Cicalengka. Jumlah balita yang diukur 4.218 anak, dengan kasus tertinggi di Desa Tenjolaya.\nMohon dilakukan rembuk stunting di tingkat desa.", "Lampiran data per desa. Cikuya 31 anak, Dampit 27 anak, Nagrog 24 anak, Waluya 19 anak, Tenjolaya 42 anak.\nSumber data aplikasi gizi masyarakat."},
		},
		{
			file: "pindai-0004.jpg", head: agency("DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL"), sender: "Dinas Kependudukan dan Pencatatan Sipil", number: "400.12.2.1/1190/Disdukcapil/XI/2026", subject: "Jadwal Perekaman KTP Elektronik Keliling", code: "400.12.2.1", day: 12, registered: true, desk: deskForwarded, urgency: letter.Normal, signer: "KEPALA DINAS",
			pages: []string{"Dalam rangka percepatan perekaman KTP elektronik bagi pemilih pemula, kami akan melaksanakan pelayanan keliling di SMA Negeri 1 Cicalengka.\nMohon bantuan penyediaan tempat, listrik dan pengumuman kepada warga yang berusia tujuh belas tahun."},
		},
		{
			file: "pindai-0005.jpg", head: []string{"KEPOLISIAN NEGARA REPUBLIK INDONESIA", "RESOR BANDUNG", "SEKTOR CICALENGKA"}, sender: "Polsek Cicalengka", number: "B/318/XI/2026/Sek.Ccl", subject: "Koordinasi Pengamanan Hari Raya Natal", code: "300", day: 13, registered: true, desk: deskDisposed, urgency: letter.Urgent, signer: "KEPALA KEPOLISIAN SEKTOR",
			pages: []string{"Sehubungan dengan pengamanan Hari Raya Natal dan Tahun Baru, diharapkan kehadiran Bapak pada rapat koordinasi lintas sektoral di Mapolsek Cicalengka.\nAgenda rapat adalah penempatan pos terpadu di Alun-alun dan Stasiun Cicalengka."},
		},
		{
			file: "pindai-0006.jpg", head: []string{"PT PLN (PERSERO)", "ULP MAJALAYA"}, sender: "PT PLN (Persero) ULP Majalaya", number: "0471/KLH.01.02/ULP-MJY/2026", subject: "Pemberitahuan Pemadaman Listrik Terencana", code: "000.1.9", day: 14, registered: true, desk: deskFiled, urgency: letter.Normal, signer: "MANAJER ULP",
			pages: []string{"Dengan ini diberitahukan bahwa akan dilakukan pemeliharaan jaringan penyulang sehingga aliran listrik di Desa Babakan Peuteuy dan Desa Margaasih padam sementara dari pukul 09.00 sampai dengan 13.00.\nMohon maaf atas ketidaknyamanannya. Gangguan dapat dilaporkan melalui PLN Mobile."},
		},
		{
			file: "pindai-0007.jpg", head: agency("PUSKESMAS CICALENGKA DTP"), sender: "Puskesmas Cicalengka", number: "400.7/512/PKM.Ccl/XI/2026", subject: "Jadwal Posyandu dan Imunisasi", code: "400.7", day: 6, registered: true, urgency: letter.Normal, signer: "KEPALA PUSKESMAS",
			pages: []string{"Bersama ini kami sampaikan jadwal posyandu bulan Desember beserta imunisasi campak rubela. Kader diharapkan membawa timbangan dan buku KIA.\nSasaran imunisasi sebanyak 1.032 balita."},
		},
		{
			file: "pindai-0008.pdf", head: []string{"BADAN PUSAT STATISTIK", "KABUPATEN BANDUNG"}, sender: "BPS Kabupaten Bandung", number: "B-1187/32041/VS.300/2026", subject: "Pelaksanaan Sensus Ekonomi", code: "500", day: 5, registered: true, asPDF: true, urgency: letter.Normal, signer: "KEPALA BPS",
			pages: []string{"Sensus ekonomi akan dilaksanakan di seluruh desa. Kami mohon bantuan Bapak untuk menugaskan pendamping lapangan dan memberitahukan pelaku usaha mikro di wilayah Cicalengka.\nPetugas sensus membawa surat tugas dan rompi."},
		},
		{
			file: "pindai-0009.jpg", head: []string{"KEMENTERIAN AGAMA", "KANTOR URUSAN AGAMA CICALENGKA"}, sender: "KUA Cicalengka", number: "B-271/Kua.10.04.12/PW.01/11/2026", subject: "Pemberitahuan Nikah Massal", code: "400.12.3.2", day: 16, registered: true, urgency: letter.Normal, signer: "KEPALA KUA",
			pages: []string{"Diberitahukan bahwa nikah massal bagi pasangan kurang mampu akan dilaksanakan di Masjid Besar Cicalengka dengan peserta dua puluh empat pasangan.\nMohon kehadiran Bapak sebagai saksi kehormatan."},
		},
		{
			file: "IMG_20261117_0810.jpg", head: []string{"WARGA RW 07", "KAMPUNG CIBODAS"}, sender: "Warga RW 07 Desa Tenjolaya", number: "-/RW07/2026", subject: "Aduan Jalan Rusak", code: "600.1.7", day: 17, urgency: letter.Normal, signer: "KETUA RW 07",
			pages: []string{"Kami warga Kampung Cibodas mengadukan jalan desa yang berlubang sepanjang dua ratus meter dan jembatan bambu yang lapuk. Anak sekolah sering terjatuh ketika hujan.\nMohon kiranya Bapak Camat meninjau langsung dan mengusulkan perbaikannya."},
		},
		{
			file: "pindai-0011.jpg", head: []string{"YAYASAN AL-HIKMAH", "MADRASAH TSANAWIYAH NAGROG"}, sender: "MTs Al-Hikmah Nagrog", number: "045/MTs.AH/XI/2026", subject: "Permohonan Narasumber", code: "400.3", day: 18, urgency: letter.Normal, signer: "KEPALA MADRASAH",
			pages: []string{"Dalam rangka latihan dasar kepemimpinan siswa, kami memohon kesediaan Bapak menjadi narasumber dengan materi bahaya perundungan dan literasi digital.\nKegiatan dilaksanakan di bumi perkemahan Curug Cinulang."},
		},
		{
			file: "pindai-0012.jpg", head: village("NAGROG"), sender: "Pemerintah Desa Nagrog", number: "900/134/Ds.Ngr/XI/2026", subject: "Penyampaian Rancangan APBDes 2027", code: "400.10.2.4", day: 5, urgency: letter.Urgent, signer: "KEPALA DESA NAGROG",
			pages: []string{"Bersama ini kami sampaikan Rancangan Anggaran Pendapatan dan Belanja Desa Tahun Anggaran 2027 untuk dievaluasi. Belanja bidang kesehatan direncanakan untuk pengadaan ambulans desa.\nDemikian disampaikan untuk menjadi bahan seperlunya."},
		},
	}
}
