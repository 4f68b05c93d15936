package cluster

// FakePool returns a pool for what needs no construct tree.
func FakePool(c *Cluster, name string, p PoolProps) *Pool {
	return &Pool{cluster: c, name: &name, attribute: name, spot: p.Spot != nil, size: p.size()}
}

// Recommended returns the parameter of the image of a pool's instances.
func Recommended(p PoolProps) string { return p.withDefaults().recommended() }

// SizeOf returns what tasks on a pool can rely on.
func SizeOf(p PoolProps) Size { return p.size() }

// Label returns a name after a place.
func Label(prefix, place string) string { return label(prefix, place) }
