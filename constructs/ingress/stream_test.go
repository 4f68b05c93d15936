package ingress

import (
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/network"
)

func TestNLBProblems(t *testing.T) {
	inside := &network.Network{VPC: fakeVPC{}}
	public := &network.Network{VPC: fakeVPC{}, PublicSubnets: make([]awsec2.ISubnet, 1)}
	for name, c := range map[string]struct {
		props NLBProps
		want  []string
	}{
		"public":            {NLBProps{Network: public}, nil},
		"internal":          {NLBProps{Network: inside, Internal: true, AllowFrom: []string{"10.0.0.0/8", "${Token[TOKEN.1]}"}}, nil},
		"zero":              {NLBProps{}, []string{"Network"}},
		"no public subnets": {NLBProps{Network: inside}, []string{"Network"}},
		"ranges":            {NLBProps{Network: public, AllowFrom: []string{"10.0.0.1/8", "::/0", "x"}}, []string{"AllowFrom", "AllowFrom", "AllowFrom"}},
	} {
		if diff := cmp.Diff(c.want, fields(c.props.Problems())); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestStreamProblems(t *testing.T) {
	nlb := &NLB{Network: &network.Network{VPC: fakeVPC{}}}
	from := []string{"192.0.2.0/24"}
	for name, c := range map[string]struct {
		props StreamProps
		want  []string
	}{
		"least": {StreamProps{ListenerPort: 1}, nil},
		"TLS":   {StreamProps{ListenerPort: 443, Protocol: TLS, CertificateARN: certificate}, nil},
		"token": {StreamProps{ListenerPort: 443, Protocol: TLS, CertificateARN: "${Token[TOKEN.1]}"}, nil},
		"every field": {StreamProps{
			ListenerPort: 65535, Protocol: TCP, AllowFrom: from, IdleTimeout: time.Hour, Test: &TestListener{Port: 9001, AllowFrom: from}, Port: 1,
			Group: StreamGroup{
				HealthCheck: HealthCheck{Path: "/", Codes: "200", Port: 1}, DeregistrationDelay: time.Second, KeepConnections: true, ClientIP: true,
				ProxyProtocol: true,
			},
		}, nil},
		"zero":                {StreamProps{}, []string{"ListenerPort"}},
		"protocol":            {StreamProps{ListenerPort: 1, Protocol: "HTTP"}, []string{"Protocol"}},
		"TLS of nobody":       {StreamProps{ListenerPort: 1, Protocol: TLS}, []string{"CertificateARN"}},
		"certificate for TCP": {StreamProps{ListenerPort: 1, CertificateARN: certificate}, []string{"CertificateARN"}},
		"ports":               {StreamProps{ListenerPort: 65536, Port: -1}, []string{"ListenerPort", "Port"}},
		"idle for a moment":   {StreamProps{ListenerPort: 1, IdleTimeout: time.Second}, []string{"IdleTimeout"}},
		"idle over UDP":       {StreamProps{ListenerPort: 1, Protocol: UDP, IdleTimeout: time.Hour}, []string{"IdleTimeout"}},
		"header over UDP":     {StreamProps{ListenerPort: 1, Protocol: TCPUDP, Group: StreamGroup{ProxyProtocol: true}}, []string{"Group.ProxyProtocol"}},
		"test anywhere":       {StreamProps{ListenerPort: 1, Test: &TestListener{AllowFrom: from}}, []string{"Test.Port"}},
		"test there":          {StreamProps{ListenerPort: 81, Test: &TestListener{Port: 81, AllowFrom: from}}, []string{"Test.Port"}},
		"test by everyone":    {StreamProps{ListenerPort: 1, Test: &TestListener{Port: 2}}, []string{"Test.AllowFrom"}},
		"range":               {StreamProps{ListenerPort: 1, AllowFrom: []string{"x"}}, []string{"AllowFrom"}},
		"codes of nothing":    {StreamProps{ListenerPort: 1, Group: StreamGroup{HealthCheck: HealthCheck{Codes: "x"}}}, []string{"Group.HealthCheck.Codes"}},
		"group": {StreamProps{ListenerPort: 1, Group: StreamGroup{
			HealthCheck: HealthCheck{Path: "x", Interval: time.Second}, DeregistrationDelay: time.Millisecond,
		}}, []string{"Group.DeregistrationDelay", "Group.HealthCheck.Path", "Group.HealthCheck.Interval"}},
	} {
		c.props.LoadBalancer = nlb
		if diff := cmp.Diff(c.want, fields(c.props.Problems())); diff != "" {
			t.Errorf("%s: %s\n%v", name, diff, c.props.Problems())
		}
	}
	if diff := cmp.Diff([]string{"LoadBalancer"}, fields(StreamProps{ListenerPort: 1}.Problems())); diff != "" {
		t.Error(diff)
	}
}

// TestTakenPorts finds ports that others listen on, the listener for tests included where there is one.
func TestTakenPorts(t *testing.T) {
	nlb, other := &NLB{listeners: map[int]string{5000: "Shop/A", 5001: "Shop/A"}}, &NLB{}
	test := &TestListener{Port: 5001}
	for name, c := range map[string]struct {
		props   StreamProps
		earlier []StreamProps
		want    []string
	}{
		"free":                   {StreamProps{LoadBalancer: nlb, ListenerPort: 1}, nil, nil},
		"of another service":     {StreamProps{LoadBalancer: nlb, ListenerPort: 5000}, nil, []string{"ListenerPort"}},
		"of another balancer":    {StreamProps{LoadBalancer: other, ListenerPort: 5000}, []StreamProps{{LoadBalancer: nlb, ListenerPort: 5000}}, nil},
		"of the same service":    {StreamProps{LoadBalancer: nlb, ListenerPort: 1}, []StreamProps{{LoadBalancer: nlb, ListenerPort: 1}}, []string{"ListenerPort"}},
		"for tests":              {StreamProps{LoadBalancer: nlb, ListenerPort: 1, Test: test, Shift: true}, nil, []string{"Test.Port"}},
		"for tests that are not": {StreamProps{LoadBalancer: nlb, ListenerPort: 1, Test: test}, nil, nil},
	} {
		if diff := cmp.Diff(c.want, fields(c.props.taken(c.earlier, []string{"Shop/B"}))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestSpans lists what security groups have to let through.
func TestSpans(t *testing.T) {
	for transport, want := range map[Transport][]string{
		TCP: {"tcp 53 53", "tcp 80 80"}, TLS: {"tcp 53 53", "tcp 80 80"}, UDP: {"udp 53 53UDP", "tcp 80 80"},
		TCPUDP: {"tcp 53 53", "udp 53 53UDP", "tcp 80 80"},
	} {
		var got []string
		for _, s := range (StreamProps{Protocol: transport, Port: 53, Group: StreamGroup{HealthCheck: HealthCheck{Port: 80}}}).ports() {
			got = append(got, s.protocol()+" "+single(s.from, false).id()+" "+s.id())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", transport, diff)
		}
	}
}
