package letter

// Codes of the three kinds of outgoing letter that are laid out today. More
// kinds are rows of data with one of these layouts.
const (
	KindInvitation = "undangan"
	KindAssignment = "surat-tugas"
	KindMemo       = "nota-dinas"
)

// Kinds lists the layouts.
func Kinds() []string { return []string{KindInvitation, KindAssignment, KindMemo} }

// Class is the security class (SKKAAD). It decides who may see a letter.
type Class string

// The four security classes.
const (
	Open       Class = "biasa"
	Restricted Class = "terbatas"
	Secret     Class = "rahasia"
	TopSecret  Class = "sangat-rahasia"
)

// Classes lists the classes from open to closed.
func Classes() []Class { return []Class{Open, Restricted, Secret, TopSecret} }

// Label is the class as it is printed, in Indonesian.
func (c Class) Label() string {
	switch c {
	case Restricted:
		return "Terbatas"
	case Secret:
		return "Rahasia"
	case TopSecret:
		return "Sangat Rahasia"
	default:
		return "Biasa"
	}
}

// Urgency says how soon a letter wants an answer. It is no security class.
type Urgency string

// The three urgencies.
const (
	Normal     Urgency = "biasa"
	Urgent     Urgency = "segera"
	VeryUrgent Urgency = "sangat-segera"
)

// Urgencies lists the urgencies from calm to pressing.
func Urgencies() []Urgency { return []Urgency{Normal, Urgent, VeryUrgent} }

// Label is the urgency as it is printed, in Indonesian.
func (u Urgency) Label() string {
	switch u {
	case Urgent:
		return "Segera"
	case VeryUrgent:
		return "Sangat Segera"
	default:
		return "Biasa"
	}
}
