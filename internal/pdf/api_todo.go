package pdf

import (
	"errors"
	"io"
	"iter"
)

var errTodo = errors.New("not yet")

func FromScans(w io.Writer, meta Meta, pages iter.Seq2[ScanPage, error]) error { return errTodo }
func AddText(in io.ReadSeeker, w io.Writer, words map[int][]Word) error        { return errTodo }
func Finish(in []byte, m Meta) ([]byte, error)                                 { return nil, errTodo }
func AddStamp(in io.ReadSeeker, w io.Writer, s Stamp) error                    { return errTodo }
func AddAgendaStamp(in io.ReadSeeker, w io.Writer, s AgendaStamp) error        { return errTodo }
func Merge(w io.Writer, ins ...io.ReadSeeker) error                            { return errTodo }
func Split(in io.ReadSeeker, w io.Writer, pages ...PageRange) error            { return errTodo }
func PageCount(in io.ReadSeeker) (int, error)                                  { return 0, errTodo }
func QRPNG(content string, px int) ([]byte, error)                             { return nil, errTodo }
func ParseRanges(s string) ([]PageRange, error)                                { return nil, errTodo }

// PageRange is pages From to To, both counted from 1 and both included; To 0 means the last page.
type PageRange struct{ From, To int }
