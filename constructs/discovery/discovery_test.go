package discovery_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/discovery"
)

func fields(ps check.Problems) []string {
	var fields []string
	for _, p := range ps {
		fields = append(fields, p.Field)
	}
	return fields
}

func TestNamespaceProblems(t *testing.T) {
	for name, want := range map[string][]string{
		"shop.internal": {"Network"}, "local": {"Network"}, "": {"Name", "Network"}, "Shop.internal": {"Name", "Network"},
		"shop..internal": {"Name", "Network"}, "-shop": {"Name", "Network"}, "${Token[a]}": {"Name", "Network"},
	} {
		if diff := cmp.Diff(want, fields(discovery.NamespaceProps{Name: name}.Problems())); diff != "" {
			t.Errorf("%q: %s", name, diff)
		}
	}
}

func TestCloudMapProblems(t *testing.T) {
	for name, c := range map[string]struct {
		cloudMap discovery.CloudMap
		want     []string
	}{
		"zero":  {discovery.CloudMap{}, []string{"Namespace", "Name"}},
		"right": {discovery.CloudMap{Name: "orders", TTL: time.Hour}, []string{"Namespace"}},
		"wrong": {discovery.CloudMap{Name: "orders.shop", TTL: time.Second / 2, Port: -1}, []string{"Namespace", "Name", "Port", "TTL"}},
		"long":  {discovery.CloudMap{Name: "orders", TTL: 2 * time.Hour}, []string{"Namespace", "TTL"}},
	} {
		if diff := cmp.Diff(c.want, fields(c.cloudMap.Problems())); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestConnectProblems(t *testing.T) {
	const authority = "arn:aws:acm-pca:eu-west-1:123456789012:certificate-authority/1234-abcd"
	for name, c := range map[string]struct {
		connect discovery.Connect
		want    []string
	}{
		"client":           {discovery.Connect{NoAccessLogs: true}, []string{"Namespace"}},
		"client of a port": {discovery.Connect{Port: 80}, []string{"Namespace", "Name"}},
		"server": {discovery.Connect{
			Name: "orders", Protocol: discovery.GRPC, NoRequestTimeout: true, IdleTimeout: time.Hour, TLS: &discovery.TLS{AuthorityARN: authority},
		}, []string{"Namespace"}},
		"name":      {discovery.Connect{Name: "Orders"}, []string{"Namespace", "Name"}},
		"protocol":  {discovery.Connect{Name: "orders", Protocol: "udp"}, []string{"Namespace", "Protocol"}},
		"TCP":       {discovery.Connect{Name: "orders", Protocol: discovery.TCP, RequestTimeout: time.Second}, []string{"Namespace", "RequestTimeout"}},
		"timeouts":  {discovery.Connect{Name: "orders", RequestTimeout: time.Second, NoRequestTimeout: true, IdleTimeout: -1}, []string{"Namespace", "RequestTimeout", "IdleTimeout"}},
		"ports":     {discovery.Connect{Name: "orders", Port: 65536, CallPort: -1}, []string{"Namespace", "Port", "CallPort"}},
		"authority": {discovery.Connect{Name: "orders", TLS: &discovery.TLS{KeyARN: "alias/a"}}, []string{"Namespace", "TLS.AuthorityARN", "TLS.KeyARN"}},
	} {
		if diff := cmp.Diff(c.want, fields(c.connect.Problems())); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if protocol := (discovery.Connect{}).Speaks(); protocol != discovery.HTTP {
		t.Errorf("got %s", protocol)
	}
}
