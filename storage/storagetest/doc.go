// Package storagetest is what every store must show: the sentences of storage.Store,
// Sweeper and Retainer as tests, and the real servers and full disks they run on.
package storagetest
