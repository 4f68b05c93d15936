package discovery_test

import (
	"fmt"

	"github.com/ecskit/ecskit/constructs/discovery"
)

// A client asks DNS for the whole name.
func ExampleCloudMap_Host() {
	shop := &discovery.Namespace{Name: "shop.internal"}
	fmt.Println(discovery.CloudMap{Namespace: shop, Name: "orders"}.Host())
	// Output: orders.shop.internal
}
