package letter

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	numberedLine = regexp.MustCompile(`^\s*\d{1,3}[.)]\s+(.*)$`)
	detailLine   = regexp.MustCompile(`^\s*([^:|]{1,40}?)\s+:\s+(.+)$`)
)

// ParseBody reads the simple writing of the text field into blocks:
//
//	a blank line ends a paragraph      "1. " begins a line of a numbered list
//	**words** are bold                 "name : value" is a row of details
//	| a | b | is a row of a table      "# words" is a heading
//
// Every text is a valid body; nothing is lost, at worst it is a paragraph.
func ParseBody(text string) []Block {
	var blocks []Block
	for _, line := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		blocks = addLine(blocks, strings.TrimRight(line, " \t"))
	}
	return finishBlocks(blocks)
}

// pending marks that the last block was closed by a blank line.
const pending BlockType = ""

func addLine(blocks []Block, line string) []Block {
	kind, block := readLine(line)
	if kind == pending {
		return append(blocks, Block{})
	}
	if n := len(blocks); n > 0 && blocks[n-1].Type == kind {
		last := &blocks[n-1]
		switch kind {
		case Paragraph:
			last.Runs = append(append(last.Runs, Run{Text: " "}), block.Runs...)
			return blocks
		case Numbered:
			last.Items = append(last.Items, block.Items...)
			return blocks
		case Details, Table:
			last.Rows = append(last.Rows, block.Rows...)
			return blocks
		}
	}
	return append(blocks, block)
}

func readLine(line string) (BlockType, Block) {
	trimmed := strings.TrimSpace(line)
	switch {
	case trimmed == "":
		return pending, Block{}
	case strings.HasPrefix(trimmed, "# "):
		return Heading, Block{Type: Heading, Runs: ParseRuns(strings.TrimPrefix(trimmed, "# "))}
	case strings.HasPrefix(trimmed, "|") && strings.HasSuffix(trimmed, "|") && len(trimmed) > 2:
		return Table, Block{Type: Table, Rows: [][]Run{tableRow(trimmed)}}
	}
	if m := numberedLine.FindStringSubmatch(line); m != nil {
		return Numbered, Block{Type: Numbered, Items: [][]Run{ParseRuns(m[1])}}
	}
	if m := detailLine.FindStringSubmatch(line); m != nil {
		return Details, Block{Type: Details, Rows: [][]Run{{{Text: m[1]}, joinRuns(ParseRuns(m[2]))}}}
	}
	return Paragraph, Block{Type: Paragraph, Runs: ParseRuns(trimmed)}
}

func tableRow(line string) []Run {
	cells := strings.Split(strings.Trim(line, "|"), "|")
	row := make([]Run, 0, len(cells))
	for _, c := range cells[:min(len(cells), MaxColumns)] {
		row = append(row, joinRuns(ParseRuns(strings.TrimSpace(c))))
	}
	return row
}

// joinRuns makes one run of a cell: bold when all of it is.
func joinRuns(runs []Run) Run {
	var out Run
	out.Bold = len(runs) > 0
	for _, r := range runs {
		out.Text += r.Text
		out.Bold = out.Bold && r.Bold
	}
	return out
}

// ParseRuns splits at **; an odd one at the end stands as it was typed.
func ParseRuns(text string) []Run {
	parts := strings.Split(text, "**")
	if len(parts)%2 == 0 {
		last := len(parts) - 1
		parts[last-1] += "**" + parts[last]
		parts = parts[:last]
	}
	var runs []Run
	for i, p := range parts {
		if p != "" {
			runs = append(runs, Run{Text: p, Bold: i%2 == 1})
		}
	}
	return runs
}

func finishBlocks(blocks []Block) []Block {
	out := make([]Block, 0, len(blocks))
	for _, b := range blocks {
		if b.Type == pending {
			continue
		}
		if b.Type == Table {
			squareTable(&b)
		}
		out = append(out, b)
	}
	return out
}

func squareTable(b *Block) {
	width := 0
	for _, row := range b.Rows {
		width = max(width, len(row))
	}
	for i := range b.Rows {
		for len(b.Rows[i]) < width {
			b.Rows[i] = append(b.Rows[i], Run{})
		}
	}
}

// FormatBody writes blocks in the simple writing that ParseBody reads.
func FormatBody(blocks []Block) string {
	parts := make([]string, 0, len(blocks))
	for _, b := range blocks {
		parts = append(parts, formatBlock(b))
	}
	return strings.Join(parts, "\n\n")
}

func formatBlock(b Block) string {
	var lines []string
	switch b.Type {
	case Heading:
		return "# " + formatRuns(b.Runs)
	case Numbered:
		for i, item := range b.Items {
			lines = append(lines, NumberedMark(i)+" "+formatRuns(item))
		}
	case Details:
		for _, row := range b.Rows {
			if len(row) == 2 {
				lines = append(lines, row[0].Text+" : "+formatRuns(row[1:]))
			}
		}
	case Table:
		for _, row := range b.Rows {
			cells := make([]string, len(row))
			for i, c := range row {
				cells[i] = formatRuns([]Run{c})
			}
			lines = append(lines, "| "+strings.Join(cells, " | ")+" |")
		}
	default:
		return formatRuns(b.Runs)
	}
	return strings.Join(lines, "\n")
}

// NumberedMark is the mark before item i (from 0) of a numbered list: "1.".
func NumberedMark(i int) string { return strconv.Itoa(i+1) + "." }

func formatRuns(runs []Run) string {
	var b strings.Builder
	for _, r := range runs {
		if r.Bold && r.Text != "" {
			b.WriteString("**" + r.Text + "**")
		} else {
			b.WriteString(r.Text)
		}
	}
	return b.String()
}
