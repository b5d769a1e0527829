package pdf

import (
	"embed"
	"fmt"
)

// Liberation Sans (SIL Open Font License, fonts/LICENSE): the metrics of Arial.
//
//go:embed fonts/*.ttf
var fontFiles embed.FS

// Face names one of the embedded fonts.
type Face string

// The faces.
const (
	Regular Face = "Regular"
	Bold    Face = "Bold"
)

// FontFile is the TrueType file of a face. typeset sets letters with the same
// fonts that stamps are written in.
func FontFile(face Face) ([]byte, error) {
	b, err := fontFiles.ReadFile("fonts/LiberationSans-" + string(face) + ".ttf")
	if err != nil {
		return nil, fmt.Errorf("embedded font %s: %w", face, err)
	}
	return b, nil
}
