package discovery

import (
	"cmp"
	"regexp"
	"time"

	"github.com/ecskit/ecskit/constructs/check"
)

// Connect puts a service into a namespace of Service Connect. Its tasks get a proxy beside them, which finds the tasks of other
// services by their names, spreads requests over them, retries, and measures. Give the task some 256 CPU units and 64 MiB more for
// it. With a Name others find the service; without one it only finds others. Tasks that start before a service they call has joined the
// namespace do not find it: a caller that AllowFrom names is deployed after what it calls, where neither calls the other. Tasks that
// no service runs, such as those before a release, find nothing.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect.html
type Connect struct {
	// Namespace is where the names are. Required; a pattern sets the platform's.
	Namespace *Namespace
	// Name by which the tasks of other services in the namespace find this one, such as orders in http://orders:8080.
	// Zero: no other finds it.
	Name string
	// Container is the one that is found. Zero: the main one.
	Container string
	// Port of the container that is found. Zero: the container's Port.
	Port int
	// CallPort is the port by which others call it. Zero: Port.
	CallPort int
	// Protocol that the container speaks. Service Connect never changes it: another one needs another service. Zero: HTTP.
	Protocol Protocol
	// RequestTimeout is how long an answer may take, in whole seconds. Not with TCP. Zero: 15 s, as AWS has it.
	RequestTimeout time.Duration
	// NoRequestTimeout lets answers take however long, as long polling and streams need it. Zero: RequestTimeout.
	NoRequestTimeout bool
	// IdleTimeout is how long a silent connection is kept, in whole seconds. Zero: 5 min, or 1 h with TCP, as AWS has it.
	IdleTimeout time.Duration
	// TLS encrypts what comes from the proxies of callers. Zero: not encrypted inside of the network.
	TLS *TLS
	// NoAccessLogs leaves out the proxy's log of requests, which is in the log group of the task. Zero: logged.
	NoAccessLogs bool
}

// TLS says whose certificates the proxies have. Service Connect renews them.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-tls.html
type TLS struct {
	// AuthorityARN is the ARN of the AWS Private CA that issues the certificates, one with short-lived certificates. Required.
	AuthorityARN string
	// KeyARN is the ARN of the customer-managed key that the private keys are encrypted under. Zero: AWS's own key.
	KeyARN string
}

// Protocol is what a container speaks to those who call it by Service Connect.
type Protocol string

// The protocols of Service Connect. With all but TCP the proxies know requests, and retry and measure them.
const (
	HTTP  Protocol = "http"
	HTTP2 Protocol = "http2"
	GRPC  Protocol = "grpc"
	TCP   Protocol = "tcp"
)

const connectPage = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectService.html"

var (
	connectName  = regexp.MustCompile(`^[a-z0-9_][a-z0-9_-]{0,60}$`)
	authorityARN = regexp.MustCompile(`^arn:aws[a-z-]*:acm-pca:[a-z0-9-]+:\d{12}:certificate-authority/[a-z0-9-]+$`)
	keyARN       = regexp.MustCompile(`^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+$`)
)

// Problems names a missing namespace, a name that Service Connect does not take, and what is said of a service that nobody finds.
func (c Connect) Problems() check.Problems {
	var ps check.Problems
	ps.In("Namespace", c.Namespace.Problems())
	if c.Name == "" {
		bare := Connect{Namespace: c.Namespace, NoAccessLogs: c.NoAccessLogs}
		if c != bare {
			ps.Add("Name", nil, "must be set with the fields that are about how others find the service")
		}
		return ps
	}
	if !connectName.MatchString(c.Name) {
		ps.Add("Name", c.Name, "must be 1-61 lower-case letters, digits, hyphens and underscores, such as orders").See(connectPage)
	}
	ps.Range("Port", c.Port, 0, 65535)
	ps.Range("CallPort", c.CallPort, 0, 65535)
	switch protocol := c.withDefaults().Protocol; protocol {
	case HTTP, HTTP2, GRPC, TCP:
		if protocol == TCP && (c.RequestTimeout != 0 || c.NoRequestTimeout) {
			ps.Add("RequestTimeout", c.RequestTimeout, "must not be set with %s, which has no requests", TCP).See(connectPage)
		}
	default:
		ps.Add("Protocol", string(c.Protocol), "must be %s, %s, %s or %s", HTTP, HTTP2, GRPC, TCP)
	}
	if c.RequestTimeout != 0 && c.NoRequestTimeout {
		ps.Add("RequestTimeout", c.RequestTimeout, "must not be set with NoRequestTimeout")
	}
	ps.Seconds("RequestTimeout", c.RequestTimeout, 0, maxTimeout).See(connectPage)
	ps.Seconds("IdleTimeout", c.IdleTimeout, 0, maxTimeout).See(connectPage)
	if c.TLS != nil {
		ps.In("TLS", c.TLS.Problems())
	}
	return ps
}

// maxTimeout is what the API takes.
const maxTimeout = 2147483647 * time.Second

// Problems names ARNs that are none.
func (t TLS) Problems() check.Problems {
	var ps check.Problems
	if !check.IsToken(t.AuthorityARN) && !authorityARN.MatchString(t.AuthorityARN) {
		ps.Add("AuthorityARN", t.AuthorityARN, "must be arn:<partition>:acm-pca:<region>:<account>:certificate-authority/<id>")
	}
	if t.KeyARN != "" && !check.IsToken(t.KeyARN) && !keyARN.MatchString(t.KeyARN) {
		ps.Add("KeyARN", t.KeyARN, "must be arn:<partition>:kms:<region>:<account>:key/<id>")
	}
	return ps
}

func (c Connect) withDefaults() Connect {
	c.Protocol = cmp.Or(c.Protocol, HTTP)
	return c
}

// DiscoveryName is the name of the service that Service Connect makes in Cloud Map. It is not the one that tasks call, for which
// a [CloudMap] may have a service there.
func (c Connect) DiscoveryName() string { return c.Name + "-sc" }

// Speaks returns what the container speaks, the default filled in.
func (c Connect) Speaks() Protocol { return c.withDefaults().Protocol }
