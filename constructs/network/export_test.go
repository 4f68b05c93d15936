package network

// Closed returns a network of a region without NAT gateways, for what needs no construct tree.
func Closed(e Endpoints, region string) *Network {
	return &Network{only: Props{NoNAT: true, Endpoints: &e}.reach(region)}
}
