// Command naskah keeps, finds, writes, signs and proves an office's letters.
package main
