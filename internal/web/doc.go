// Package web is the pages, the forms and the JSON API that people and programs
// meet; one file per page.
//
// A page is a struct (its view) and a template of the same name in pages/; the
// view holds plain words, numbers and times already in the office's zone, never
// a row or a context, so that every page can be shown with sample data in a
// test. Every page is a plain document with links and forms; the scripts in
// assets/js only shorten the way. Nothing is fetched from anywhere else.
package web
