// Package ocr reads the words in a picture, with their places (Tesseract).
package ocr
