package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"naskah/internal/problem"
)

// routes lists every page and form.
func (s *server) routes(e *gin.Engine) {
	e.GET(assetPath+"*name", gin.WrapH(s.r.assets))
	e.GET("/sehat", s.open(health))
	e.NoRoute(s.open(func(*call) error { return problem.NotFound }))
	e.NoMethod(s.open(func(*call) error { return problem.NotFound }))
	s.publicRoutes(e)
	get := func(path string, h handler) { e.GET(path, s.signed(h)) }
	post := func(path string, h handler) { e.POST(path, s.signed(h)) }
	get("/", home)
	e.GET("/bantuan", s.open(help))
	get("/surat-masuk", incomingList)
	get("/surat-keluar", outgoingList)
	get("/surat-masuk/baru", receivePage)
	post("/surat-masuk/baru", receive)
	get("/surat-masuk/baru/kabar", receiveNews)
	get("/surat/:id", letterPage)
	get("/surat/:id/catat", registerPage)
	post("/surat/:id/catat", register)
	get("/surat/:id/halaman/:n", pagePicture)
	get("/surat/:id/gambar-kecil.jpg", thumbnail)
	get("/surat/:id/berkas/:file", download)
	post("/surat/:id/tarik", takeBack)
	get("/surat/:id/batal", cancelPage)
	post("/surat/:id/batal", cancel)
	get("/arsip", archive)
	get("/kode", codeChoices)
	s.writeRoutes(get, post)
	s.decideRoutes(get, post)
	s.deskRoutes(get, post)
	get("/akun", accountPage)
	post("/akun/sandi", changePassword)
	get("/akun/sandi-baru", newPasswordPage)
	post("/akun/sandi-baru", newPassword)
	get("/admin", setupPage)
	get("/admin/atur/:topik", settingList)
	post("/admin/atur/:topik", addSetting)
	get("/admin/atur/:topik/:id", settingPage)
	post("/admin/atur/:topik/:id", saveSetting)
	post("/admin/atur/:topik/:id/hapus", removeSetting)
	get("/admin/orang", peoplePage)
	post("/admin/orang", addPerson)
	post("/admin/orang/:id/kode", newCode)
	post("/admin/orang/:id/nonaktif", deactivate)
	get("/admin/token", tokensPage)
	post("/admin/token", addToken)
	post("/admin/token/:id/cabut", revokeToken)
}

func (s *server) publicRoutes(e *gin.Engine) {
	e.GET("/masuk", s.open(signInPage))
	e.POST("/masuk", s.open(s.limited(s.codes, signIn)))
	e.POST("/keluar", s.open(signOut))
	e.POST("/huruf", s.open(setSize))
	e.POST("/bahasa", s.open(setLanguage))
	e.GET("/v/:token", s.open(s.limited(s.public, verdict)))
	e.GET("/v/:token/halaman.jpg", s.open(s.limited(s.public, publicPicture)))
	e.GET("/v/:token/surat.pdf", s.open(s.limited(s.public, publicPDF)))
	e.POST("/v/:token/bandingkan", s.open(s.limited(s.codes, compare)))
	e.GET("/periksa", s.open(s.limited(s.public, askCheck)))
	e.POST("/periksa/kode", s.open(s.limited(s.codes, checkCode)))
	e.POST("/periksa/berkas", s.open(s.limited(s.codes, checkFile)))
}

func (s *server) writeRoutes(get, post func(string, handler)) {
	get("/tulis", writeKindPage)
	post("/tulis", writeKind)
	get("/tulis/:id", func(c *call) error { return c.to("/tulis/" + c.Param("id") + "/tujuan") })
	get("/tulis/:id/tujuan", writeToPage)
	post("/tulis/:id/tujuan", writeTo)
	get("/tulis/:id/isi", writeTextPage)
	post("/tulis/:id/isi", writeText)
	post("/tulis/:id/isi/simpan", autosave)
	post("/tulis/:id/lampiran", attach)
	post("/tulis/:id/lampiran/:n/hapus", detach)
	get("/tulis/:id/periksa", writeCheckPage)
	get("/tulis/:id/pratinjau/:n", draftPicture)
	get("/tulis/:id/pratinjau.pdf", draftPDF)
	post("/tulis/:id/kirim", submit)
}

func (s *server) decideRoutes(get, post func(string, handler)) {
	get("/paraf", initialList)
	get("/paraf/:id", reviewPage)
	post("/paraf/:id", initial)
	post("/paraf/:id/kembalikan", sendBack)
	get("/tanda-tangan", signList)
	get("/tanda-tangan/:id", signPage)
	post("/tanda-tangan/:id", signOne)
	post("/tanda-tangan/:id/kembalikan", sendBackUnsigned)
}

func (s *server) deskRoutes(get, post func(string, handler)) {
	get("/surat/:id/teruskan", forwardPage)
	post("/surat/:id/teruskan", forward)
	get("/surat/:id/disposisi", disposePage)
	post("/surat/:id/disposisi", dispose)
	get("/surat/:id/laporan", reportPage)
	post("/surat/:id/laporan", report)
	post("/disposisi/:assignment/tarik", callBack)
	get("/disposisi", dispositionList)
	get("/disposisi/berikutnya", nextOf(nextToDispose, "/surat-masuk?saring=disposisi"))
	get("/disposisi/untuk-saya", nextOf(nextAssignment, "/disposisi"))
	get("/paraf/berikutnya", nextOf(nextToInitial, "/paraf"))
	get("/tembusan", copyList)
	get("/surat/:id/lembar", sheetPage)
	post("/surat/:id/lembar", bindSheet)
	get("/surat/:id/lembar/kode.png", sheetCode)
	get("/d/:id", sheetAddress)
	get("/surat/:id/kirim", sendPage)
	post("/surat/:id/kirim", send)
	get("/surat/:id/simpan", filePage)
	post("/surat/:id/simpan", fileAway)
	post("/surat/:id/keluarkan", unfile)
	get("/surat/:id/cabut", revokePage)
	post("/surat/:id/cabut", revoke)
	post("/surat/:id/ganti", replace)
	post("/surat/:id/balas", answerLetter)
	post("/surat/:id/cetak-basah", printForInk)
	get("/surat/:id/pindaian", inkPage)
	post("/surat/:id/pindaian", bindInk)
	get("/surat/:id/serah", handOverPage)
	get("/surat/:id/surel.eml", mailFile)
	get("/surat/:id/versi", versionsPage)
	get("/buku/agenda", agendaBook)
	get("/buku/agenda.csv", agendaTable)
	get("/buku/ekspedisi", expeditionBook)
	get("/buku/ekspedisi.csv", expeditionTable)
}

func health(c *call) error {
	if err := c.s.o.Office.Ready(c.Request.Context()); err != nil {
		return err
	}
	c.String(http.StatusOK, "sehat\n")
	return nil
}
