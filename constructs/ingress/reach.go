package ingress

import (
	"strconv"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
)

// ReachProps says which load balancers reach which tasks.
type ReachProps struct {
	// Targets are all targets of the tasks, with their Port set. Required.
	Targets []TargetProps
	// SecurityGroup is the group of the tasks. Required.
	SecurityGroup awsec2.ISecurityGroup
}

// Reach is the way from load balancers to the tasks of one service: for each load balancer and each port that it sends
// requests or health checks to, a rule that lets them in and one that lets them out, and nothing wider.
type Reach struct {
	constructs.Construct

	ways map[way]bool
}

// way is one way of a [Reach]. Two targets can share it; two equal rules would be refused by EC2.
type way struct {
	alb  *ALB
	port int
}

// Problems names missing targets, load balancers and ports, and a missing security group.
func (p ReachProps) Problems() check.Problems {
	var ps check.Problems
	if len(p.Targets) == 0 {
		ps.Add("Targets", nil, "must be set")
	}
	for i, t := range p.Targets {
		path := "Targets[" + strconv.Itoa(i) + "]"
		if t.LoadBalancer == nil {
			ps.Add(path+".LoadBalancer", nil, "must be set")
		}
		if t.Port == 0 {
			ps.Add(path+".Port", nil, "must be set")
		}
	}
	if check.IsNil(p.SecurityGroup) {
		ps.Add("SecurityGroup", nil, "must be set")
	}
	return ps
}

// NewReach opens the tasks to the load balancers of their targets, with children that are named after port and load
// balancer: they stay what they are whichever targets come and go beside them. It panics with a *[check.Error] if props
// have problems.
func NewReach(scope constructs.Construct, id string, props ReachProps) *Reach {
	check.Must(scope, id, props.Problems())
	r := &Reach{ways: map[way]bool{}}
	check.Construct(r, scope, id)
	tasks := props.SecurityGroup.SecurityGroupId()
	for _, t := range props.Targets {
		r.open(way{t.LoadBalancer, t.Port}, tasks)
		if port := t.Group.HealthCheck.Port; port != 0 {
			r.open(way{t.LoadBalancer, port}, tasks)
		}
	}
	return r
}

// Opens reports whether the load balancer reaches the tasks on the port.
func (r *Reach) Opens(alb *ALB, port int) bool { return r.ways[way{alb, port}] }

func (r *Reach) open(w way, tasks *string) {
	if r.ways[w] {
		return
	}
	r.ways[w] = true
	id := strconv.Itoa(w.port) + w.alb.key
	port, tcp := jsii.Number(float64(w.port)), jsii.String("tcp")
	awsec2.NewCfnSecurityGroupIngress(r, jsii.String("In"+id), &awsec2.CfnSecurityGroupIngressProps{
		GroupId: tasks, SourceSecurityGroupId: w.alb.securityGroupID,
		IpProtocol: tcp, FromPort: port, ToPort: port, Description: jsii.String("From the load balancer"),
	})
	awsec2.NewCfnSecurityGroupEgress(r, jsii.String("Out"+id), &awsec2.CfnSecurityGroupEgressProps{
		GroupId: w.alb.securityGroupID, DestinationSecurityGroupId: tasks,
		IpProtocol: tcp, FromPort: port, ToPort: port, Description: jsii.String("To the tasks"),
	})
}
