// Package local answers from an index in a folder (Bleve).
//
// Bleve's scorch keeps the index: durable batches, segments, merging, dictionaries,
// postings. The questions are answered by us on its segments, with sets of letters as
// bitmaps, instead of through Bleve's query layer. Why: that layer walks every
// letter found to count the filters and to score it, which took 12 ms at 5,000
// letters and grows with them; a bitmap's intersection with "year 2026" is counted in
// microseconds whatever the question. It also lets the counts and the weights be
// those of the letters that the asker may see, so that a hidden letter changes
// nothing, and an exact word rank above any number of near ones.
//
// What a word may be in the text, by its cost: itself (one term), one letter off (an
// automaton over the dictionary), or its beginning: up to four letters long one term,
// since beginnings are indexed as terms, longer ones a stretch of the dictionary.
//
// Phrases are found by pairs of neighbouring words. Bleve's places of words made half
// of the index, which as a map of files counts as resident memory (917 MB at 100,000
// letters), and phrases of common words took up to two seconds.
//
// One folder inside the given one holds the index and a small file names it, so that
// a rebuilt index takes the place of the old one by the renaming of that file: before
// it the old one is whole, after it the new one.
package local
