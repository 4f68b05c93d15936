//go:build linux

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// program is one of the three.
type program struct {
	name    string // a, b or c
	command []string
	out     string // where its assembly goes
	context string // of the app, as the CDK's command line passes it on
}

// build makes the programs ready to run, in a directory.
func build(dir string) ([]program, error) {
	gomod, err := output("go", "env", "GOMOD")
	if err != nil {
		return nil, err
	}
	root := filepath.Dir(gomod)
	context, err := contextOf(filepath.Join(root, "cdk.json"))
	if err != nil {
		return nil, err
	}
	twin := filepath.Join(root, "test", "bench", "twin")
	if err := install(twin); err != nil {
		return nil, err
	}
	command := map[string][]string{"b": {"node", filepath.Join(twin, "app.js")}}
	for name, folder := range map[string]string{"a": "ecskit", "c": "ecspatterns"} {
		command[name] = []string{filepath.Join(dir, folder)}
		if err := show(root, "go", "build", "-o", command[name][0], "./test/bench/"+folder); err != nil {
			return nil, err
		}
	}
	var programs []program
	for _, name := range []string{"a", "b", "c"} {
		programs = append(programs, program{name, command[name], filepath.Join(dir, "out-"+name), context})
	}
	return programs, nil
}

// contextOf returns the context of a cdk.json, with the paths of constructs asked for, as the CDK's command line does.
func contextOf(file string) (string, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	var project struct{ Context map[string]any }
	if err := json.Unmarshal(content, &project); err != nil {
		return "", fmt.Errorf("%s: %w", file, err)
	}
	project.Context["aws:cdk:enable-path-metadata"] = true
	context, err := json.Marshal(project.Context)
	return string(context), err
}

// install gets the CDK for the twin, unless it is there, and finds another version than that of the Go programs.
func install(twin string) error {
	version, err := output("go", "list", "-m", "-f", "{{.Version}}", "github.com/aws/aws-cdk-go/awscdk/v2")
	if err != nil {
		return err
	}
	installed, err := installedVersion(twin)
	if err == nil && "v"+installed != version {
		if err := show(twin, "npm", "ci", "--no-audit", "--no-fund"); err != nil {
			return err
		}
		installed, err = installedVersion(twin)
	}
	if err == nil && "v"+installed != version {
		err = fmt.Errorf("the twin is on version %s of the CDK, and the others are on %s", installed, version)
	}
	return err
}

// installedVersion returns the version of the twin's CDK; empty for none.
func installedVersion(twin string) (string, error) {
	content, err := os.ReadFile(filepath.Join(twin, "node_modules", "aws-cdk-lib", "package.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	var manifest struct{ Version string }
	err = json.Unmarshal(content, &manifest)
	return manifest.Version, err
}

func output(name string, args ...string) (string, error) {
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out)), nil
}

// show runs a command in a directory, with all that it says on standard error.
func show(dir, name string, args ...string) error {
	command := exec.Command(name, args...)
	command.Dir, command.Stdout, command.Stderr = dir, os.Stderr, os.Stderr
	if err := command.Run(); err != nil {
		return fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return nil
}

// run returns the command that makes an app of n services, with variables of its own in the environment.
func (p program) run(n int, validation bool, variables ...string) *exec.Cmd {
	command := exec.Command(p.command[0], append(p.command[1:len(p.command):len(p.command)], strconv.Itoa(n))...)
	command.Dir = filepath.Dir(p.out)
	command.Env = append(os.Environ(), "CDK_OUTDIR="+p.out, "CDK_CONTEXT_JSON="+p.context,
		"CDK_VALIDATION="+strconv.FormatBool(validation), "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=1")
	command.Env = append(command.Env, variables...)
	return command
}
