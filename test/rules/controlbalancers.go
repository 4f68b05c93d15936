package rules

import "strings"

// eachALB joins what a control says of each Application Load Balancer, which one without a type is.
func (m *model) eachALB(check func(balancer *resource) []Finding) []Finding {
	return m.each(loadBalancer, func(balancer *resource) []Finding {
		if kind := balancer.at("Type"); !kind.absent() && !strings.EqualFold(kind.text(), "application") {
			return nil
		}
		return check(balancer)
	})
}

// attribute returns the value of an attribute of a load balancer, and whether the template tells whether there is one.
func attribute(balancer *resource, key string) (value *node, told bool) {
	attributes := balancer.at("LoadBalancerAttributes")
	for _, a := range attributes.items() {
		switch name := a.at("Key"); {
		case !name.known():
			return attributes, false
		case name.text() == key:
			return a.at("Value"), true
		}
	}
	return attributes.with(nil), true
}

// wants returns a finding unless an attribute is true.
func wants(balancer *resource, key, reason string) []Finding {
	value, told := attribute(balancer, key)
	if !told {
		return nil
	}
	return unless(value, yes, "%s: set %s to true", reason, key)
}

// invalidHeaders is ELB.4.
func invalidHeaders(m *model) []Finding {
	return m.eachALB(func(balancer *resource) []Finding {
		return wants(balancer, "routing.http.drop_invalid_header_fields.enabled",
			"headers that are none reach the tasks, which may read them differently from what is before them")
	})
}

// noAccessLogs is ELB.5.
func noAccessLogs(m *model) []Finding {
	return m.eachALB(func(balancer *resource) []Finding {
		return wants(balancer, "access_logs.s3.enabled", "nobody can tell afterwards who asked for what")
	})
}

// noDeletionProtection is ELB.6.
func noDeletionProtection(m *model) []Finding {
	return m.each(loadBalancer, func(balancer *resource) []Finding {
		return wants(balancer, "deletion_protection.enabled", "one mistake takes the load balancer away, and its name in DNS with it")
	})
}

// desync is ELB.12. Without the attribute, the mode is defensive.
func desync(m *model) []Finding {
	return m.eachALB(func(balancer *resource) []Finding {
		value, told := attribute(balancer, "routing.http.desync_mitigation_mode")
		if !told {
			return nil
		}
		return where(value, is("monitor"), "requests that servers read differently reach the tasks: set defensive or strictest")
	})
}
