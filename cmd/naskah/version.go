package main

import "runtime/debug"

// version is set by `make build`.
var version string //nolint:gochecknoglobals // the linker can set nothing else

// versionText is the version, or the commit the program was built from.
func versionText() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "tidak dikenal"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value[:min(len(s.Value), 12)]
		}
	}
	return info.Main.Version
}
