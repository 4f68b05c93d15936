//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// sample is what one run of a program took.
type sample struct {
	wall time.Duration
	cpu  time.Duration // of all processes, in user and in system mode
	peak int           // KiB: the sum of what each process had at most
}

// adoptOrphans makes this process the parent of those that its children leave behind: a Go program can end before it has
// waited for node, whose CPU time would then be nobody's.
func adoptOrphans() error {
	const setChildSubreaper = 36
	if _, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, setChildSubreaper, 1, 0); errno != 0 {
		return fmt.Errorf("prctl: %w", errno)
	}
	return nil
}

// measure runs a command. The time ends with its process; the CPU time is that of its descendants too.
func measure(command *exec.Cmd) (sample, error) {
	var said bytes.Buffer
	command.Stdout, command.Stderr = &said, &said
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	start := time.Now()
	if err := command.Start(); err != nil {
		return sample{}, err
	}
	ended, peak := make(chan struct{}), make(chan int)
	go func() { peak <- watch(command.Process.Pid, ended) }()
	err := command.Wait()
	s := sample{wall: time.Since(start)}
	close(ended)
	s.peak = <-peak
	s.cpu = command.ProcessState.UserTime() + command.ProcessState.SystemTime()
	if err != nil {
		return s, fmt.Errorf("%w\n%s", err, &said)
	}
	rest, err := waitForOrphans()
	s.cpu += rest
	return s, err
}

// waitForOrphans returns the CPU time of what a program has left behind, when that has ended too.
func waitForOrphans() (time.Duration, error) {
	var cpu time.Duration
	for {
		var usage syscall.Rusage
		_, err := syscall.Wait4(-1, nil, 0, &usage)
		switch {
		case errors.Is(err, syscall.ECHILD):
			return cpu, nil
		case errors.Is(err, syscall.EINTR):
		case err != nil:
			return 0, err
		default:
			cpu += time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
		}
	}
}

// watch returns the sum of the greatest resident sets, in KiB, of all processes of a group, seen until it has ended. The
// kernel keeps the greatest one of a process, so that only what it grows in its last moments is missed.
func watch(group int, ended <-chan struct{}) int {
	peaks := map[int]int{}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		for _, pid := range members(group) {
			peaks[pid] = max(peaks[pid], highWater(pid))
		}
		select {
		case <-ended:
			sum := 0
			for _, peak := range peaks {
				sum += peak
			}
			return sum
		case <-tick.C:
		}
	}
}

// members returns the processes of a group.
func members(group int) []int {
	var pids []int
	files, _ := filepath.Glob("/proc/[0-9]*/stat") // of a pattern that is well formed
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		// After the name, which is in brackets, come the state, the parent and the group.
		_, rest, _ := strings.Cut(string(content), ") ")
		if fields := strings.Fields(rest); len(fields) > 2 && fields[2] == strconv.Itoa(group) {
			if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file))); err == nil {
				pids = append(pids, pid)
			}
		}
	}
	return pids
}

// highWater returns the greatest resident set of a process so far, in KiB; 0 if it has ended.
func highWater(pid int) int {
	content, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	_, rest, _ := strings.Cut(string(content), "VmHWM:")
	if fields := strings.Fields(rest); len(fields) > 0 {
		if kib, err := strconv.Atoi(fields[0]); err == nil {
			return kib
		}
	}
	return 0
}
