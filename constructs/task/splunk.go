package task

import (
	"net/url"
	"strings"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/secret"
)

// Splunk is an HTTP Event Collector that the output of containers is sent to: on Fargate from the tasks' network, on EC2 from
// the instances'. No container starts while it is not reached. https://docs.docker.com/engine/logging/drivers/splunk/
type Splunk struct {
	// URL of the collector, such as https://splunk.example.com:8088. Required.
	URL string
	// Token of the collector. Required.
	Token secret.Source
	// Index to write to. Zero: the token's.
	Index string
	// Source of the events. Zero: the collector's.
	Source string
	// SourceType of the events. Zero: the collector's.
	SourceType string
}

// Problems names a missing collector, one that is not reached over TLS, and what is wrong with the token.
func (s Splunk) Problems() check.Problems {
	var ps check.Problems
	if u, err := url.Parse(s.URL); !check.IsToken(s.URL) && (err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "") {
		ps.Add("URL", s.URL, "must be https://, a host and, if need be, a port, and no more")
	}
	if check.IsNil(s.Token) {
		ps.Add("Token", nil, "must be set")
	} else {
		ps.In("Token", s.Token.Problems())
	}
	return ps
}

func (s Splunk) options() map[string]*string {
	options := map[string]*string{"splunk-url": &s.URL}
	for name, value := range map[string]string{
		"splunk-index": s.Index, "splunk-source": s.Source, "splunk-sourcetype": s.SourceType,
	} {
		if value != "" {
			options[name] = &value
		}
	}
	return options
}
