package ingress

// Entrance is what has to be known of a load balancer by what brings it requests from elsewhere, such as an API.
type Entrance struct {
	// ListenerARN is that of the listener with the routes, and Port where it listens.
	ListenerARN *string
	Port        int
	// SecurityGroupID is that of the load balancer's security group, which has to admit what brings the requests.
	SecurityGroupID *string
	// Domains are the names that it serves over HTTPS; none with PlainHTTP.
	Domains []string
	// Internal reports whether it is reachable from inside the network only.
	Internal bool
	// Imported reports whether it is another app's, of which the port and whether it is internal are not known.
	Imported bool
}

// Entrance returns what has to be known to bring requests to the load balancer.
func (a *ALB) Entrance() Entrance {
	e := Entrance{
		ListenerARN: a.listenerARN, Port: 80, SecurityGroupID: a.gate.group, Internal: a.internal, Imported: a.foreign,
	}
	if a.secure() {
		e.Port = 443
	}
	for _, d := range a.domains {
		e.Domains = append(e.Domains, d.Name)
	}
	return e
}

// Serves reports whether a host is one that the load balancer has a certificate for, as far as can be told.
func (a *ALB) Serves(host string) bool { return a.serves(host) }
