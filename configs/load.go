package configs

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/go-viper/mapstructure/v2"
	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/providers/structs"
	"github.com/knadh/koanf/v2"

	"naskah/internal/problem"
)

// Source says where settings come from.
type Source struct {
	// File must exist when it is named; "" takes naskah.yaml of the data folder
	// when there is one.
	File string
	// Data is the --data flag; "" leaves the folder to NASKAH_DATA, the file and the default.
	Data string
	// Environ is os.Environ().
	Environ []string
}

const prefix = "NASKAH_"

// Load reads the settings. They are not checked yet, so that flags can still be
// laid over them.
func Load(src Source) (Settings, error) {
	k := koanf.New(".")
	if err := k.Load(structs.Provider(Default(), "koanf"), nil); err != nil {
		return Settings{}, fmt.Errorf("load defaults: %w", err)
	}
	surroundings := environment(k.Keys(), src.Environ)
	if err := readFile(k, src, surroundings); err != nil {
		return Settings{}, err
	}
	if err := k.Load(surroundings, nil); err != nil {
		return Settings{}, unreadable("lingkungan", "the environment", err)
	}
	s, err := decode(k)
	if src.Data != "" {
		s.Data = src.Data
	}
	for i, proxy := range s.BehindProxy { // a list in the environment may have blanks behind its commas
		s.BehindProxy[i] = strings.TrimSpace(proxy)
	}
	return s, err
}

// environment maps NASKAH_LIMITS_UPLOAD_MB to limits.upload_mb. Only known keys
// are taken: the tests and tools have NASKAH_ variables of their own.
func environment(keys, environ []string) *env.Env {
	byName := make(map[string]string, len(keys))
	for _, key := range keys {
		byName[prefix+strings.ToUpper(strings.ReplaceAll(key, ".", "_"))] = key
	}
	return env.Provider(".", env.Opt{
		Prefix:        prefix,
		EnvironFunc:   func() []string { return environ },
		TransformFunc: func(name, value string) (string, any) { return byName[name], value },
	})
}

func readFile(k *koanf.Koanf, src Source, surroundings *env.Env) error {
	path := src.File
	if path == "" {
		path = fileIn(dataFolder(k, src, surroundings))
	}
	err := k.Load(file.Provider(path), yaml.Parser())
	if src.File == "" && errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return unreadable("berkas "+path, "the file "+path, err)
	}
	return nil
}

func dataFolder(k *koanf.Koanf, src Source, surroundings *env.Env) string {
	if src.Data != "" {
		return src.Data
	}
	if set, err := surroundings.Read(); err == nil {
		if data, ok := set["data"].(string); ok {
			return data
		}
	}
	return k.String("data")
}

func decode(k *koanf.Koanf) (Settings, error) {
	var s Settings
	err := k.UnmarshalWithConf("", &s, koanf.UnmarshalConf{DecoderConfig: &mapstructure.DecoderConfig{
		Result: &s, TagName: "koanf", WeaklyTypedInput: true, ErrorUnused: true,
		DecodeHook: mapstructure.StringToSliceHookFunc(","),
	}})
	if err != nil {
		return Settings{}, unreadable("salah satu pengaturan", "one of them", err)
	}
	return s, nil
}

// unreadable names the cause: who reads this sentence is the administrator who wrote the settings.
func unreadable(id, en string, cause error) error {
	return problem.New(problem.Invalid, fmt.Sprintf("Pengaturan tidak dapat dibaca, periksa %s: %v", id, cause),
		fmt.Sprintf("The settings cannot be read, check %s: %v", en, cause), cause)
}
