package functiontest

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/ecskit/ecskit/constructs/internal/function"
)

//go:embed worker.js
var workerScript string

// worker is a process that runs a function again and again, by a clock of its own.
type worker struct {
	t     *testing.T
	input *json.Encoder
	url   string

	mutex  sync.Mutex
	latest int
	ends   map[int]chan end // of the calls that have not ended
	run    *run             // that is on
}

// end is how a call of the function has ended.
type end struct {
	ID          int
	Thrown, Log string
	Now         int64
}

func newWorker(t *testing.T, file string) *worker {
	t.Helper()
	w := &worker{t: t, ends: map[int]chan end{}}
	server := httptest.NewServer(http.HandlerFunc(w.listen))
	t.Cleanup(server.Close)
	w.url = server.URL
	code, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	module, script := filepath.Join(folder, "index.js"), filepath.Join(folder, "worker.js")
	for name, content := range map[string]string{module: function.Source(string(code)), script: workerScript} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	node := exec.CommandContext(t.Context(), "node", script, module, server.URL)
	node.Env = append(os.Environ(), "PAUSE=20000") // in milliseconds of the clock that only pauses move; a fourth of the calls says the same
	node.Stderr = os.Stderr
	input, err := node.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := node.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := node.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		server.CloseClientConnections()
		_ = input.Close()
		_ = node.Wait()
	})
	w.input = json.NewEncoder(input)
	go func() {
		for lines := bufio.NewScanner(output); lines.Scan(); {
			var e end
			if json.Unmarshal(lines.Bytes(), &e) == nil {
				w.finish(e)
			}
		}
	}()
	return w
}

// call calls the function with an event, and waits for its end.
func (w *worker) call(event map[string]any, limit time.Duration, now int64) end {
	w.mutex.Lock()
	w.latest++
	id, ended := w.latest, make(chan end, 1)
	w.ends[id] = ended
	w.mutex.Unlock()
	url, _ := json.Marshal(id)
	event["ResponseURL"] = w.url + "/" + string(url)
	if err := w.input.Encode(map[string]any{"id": id, "event": event, "limit": limit.Milliseconds(), "now": now}); err != nil {
		return end{Thrown: err.Error(), Now: now}
	}
	select {
	case e := <-ended:
		return e
	case <-time.After(time.Minute):
		return end{Thrown: "it hangs", Now: now}
	}
}

// finish notes the end of a call, unless it has ended before.
func (w *worker) finish(e end) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if ended, found := w.ends[e.ID]; found {
		delete(w.ends, e.ID)
		ended <- e
	}
}

func (w *worker) ended(id int) bool {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.ends[id] == nil
}

// listen hears what the function asks of AWS, and what it tells CloudFormation.
func (w *worker) listen(to http.ResponseWriter, from *http.Request) {
	if from.Method == http.MethodPut {
		w.hear(to, from)
		return
	}
	var c struct {
		Invocation int
		Name       string
		Input      map[string]any
		Now        int64
	}
	if err := json.NewDecoder(from.Body).Decode(&c); err != nil {
		http.Error(to, err.Error(), http.StatusBadRequest)
		return
	}
	said := map[string]any{"ended": true}
	if !w.ended(c.Invocation) {
		said = w.run.ask(c.Invocation, c.Name, c.Input, c.Now)
	}
	_ = json.NewEncoder(to).Encode(said)
}

// hear takes what CloudFormation is told.
func (w *worker) hear(to http.ResponseWriter, from *http.Request) {
	var id int
	_ = json.Unmarshal([]byte(from.URL.Path[1:]), &id)
	var told map[string]any
	if err := json.NewDecoder(from.Body).Decode(&told); err != nil {
		http.Error(to, err.Error(), http.StatusBadRequest)
		return
	}
	switch status := w.run.tell(id, told); status {
	case 0: // the connection breaks
		panic(http.ErrAbortHandler)
	case http.StatusProcessing: // nobody listens any more
		<-from.Context().Done()
	default:
		to.WriteHeader(status)
	}
}
