package deploy

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"maps"
	"math/big"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/ecskit/ecskit/test/replacement"
)

// concurrency is the number of stacks that are deployed at a time.
const concurrency = "4"

// TestExamples deploys every example, releases it once more with other images, and destroys it.
func TestExamples(t *testing.T) {
	switch os.Getenv("AWS_ENDPOINT_URL") {
	case "":
		t.Skip("AWS_ENDPOINT_URL is not set: there is nothing to deploy to")
	case "aws": // which has an address for each service
		t.Setenv("AWS_ENDPOINT_URL", "")
		if err := os.Unsetenv("AWS_ENDPOINT_URL"); err != nil {
			t.Fatal(err)
		}
	}
	c := connect(t)
	one := synthesize(t)
	one.useCertificate(t, importCertificate(t, c))
	two := one.copied(t)
	two.edit(t, retag)
	names := one.stackNames(t)
	for _, name := range names {
		if s, err := c.stack(t.Context(), name); err != nil || s != nil {
			t.Fatalf("there is a stack %s, which this test would change and destroy (%v)", name, err)
		}
	}
	took := cdk(t, "bootstrap", "aws://"+c.id+"/"+c.region, "--app", string(one))
	t.Logf("bootstrapped in %s", took.Round(time.Second))
	destroyed := false
	t.Cleanup(func() {
		if !destroyed {
			cdk(t, "destroy", "--all", "--force", "--app", string(two))
		}
	})

	release := func(from assembly) (world, []resource) { // what CloudFormation says, and what was read back
		took := cdk(t, "deploy", "--all", "--require-approval", "never", "--concurrency", concurrency, "--app", string(from))
		t.Logf("deployed %d stacks in %s", len(names), took.Round(time.Second))
		start := time.Now()
		w := deployed(t, c, from)
		f := check(t, c, w.resources(t))
		f.print(t)
		t.Logf("read back in %s", time.Since(start).Round(time.Second))
		return w, f.seen
	}
	first, _ := release(one)
	second, resources := release(two)
	compareReleases(t, first, second)
	checkServices(t, c, resources)

	unprotect(t, c, resources)
	took = cdk(t, "destroy", "--all", "--force", "--app", string(two))
	destroyed = true
	t.Logf("destroyed in %s", took.Round(time.Second))
	for _, name := range names {
		if s, err := c.stack(t.Context(), name); err != nil || s != nil {
			t.Errorf("the stack %s is left (%v)", name, err)
		}
	}
	checkLeft(t, c, resources)
}

// retag gives every container the image of the next release.
func retag(template object) (changed bool) {
	for _, r := range template["Resources"].(object) {
		if r := r.(object); r["Type"] == "AWS::ECS::TaskDefinition" {
			for _, container := range r["Properties"].(object)["ContainerDefinitions"].([]any) {
				container := container.(object)
				container["Image"] = container["Image"].(string) + nextTag
				changed = true
			}
		}
	}
	return changed
}

// nextTag is what the tags of the second release end in.
const nextTag = "-2"

var certificateARN = regexp.MustCompile(`arn:aws:acm:[a-z0-9-]+:\d{12}:certificate/[a-z0-9-]+`)

// useCertificate puts a certificate that is there in the place of the one that the examples invent.
func (a assembly) useCertificate(t *testing.T, arn string) {
	a.edit(t, func(template object) bool {
		return texts(template, func(text string) string { return certificateARN.ReplaceAllLiteralString(text, arn) })
	})
}

// importCertificate makes a certificate that nobody trusts, for as long as the test takes.
func importCertificate(t *testing.T, c *account) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "shop.example.com"}, DNSNames: []string{"shop.example.com"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.acm.ImportCertificate(t.Context(), &acm.ImportCertificateInput{
		Certificate: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}),
		PrivateKey:  pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // after the stacks are destroyed, and t.Context is over
		if _, err := c.acm.DeleteCertificate(context.Background(), &acm.DeleteCertificateInput{CertificateArn: out.CertificateArn}); err != nil {
			t.Error(err)
		}
	})
	return *out.CertificateArn
}

// compareReleases finds that nothing was replaced but the revisions of task definitions.
func compareReleases(t *testing.T, one, two world) {
	t.Helper()
	revisions, same := 0, 0
	for name, before := range one.stacks {
		after := two.stacks[name]
		replaced := replacement.Replaced(before.template, after.template)
		for logical, r := range after.resources() {
			isRevision := r["Type"] == "AWS::ECS::TaskDefinition"
			if causes := replaced[logical]; len(causes) > 0 && !isRevision {
				t.Errorf("%s/%s (%s): CloudFormation replaces it for its %v", name, logical, r["Type"], causes)
			}
			if changed := before.ids[logical] != after.ids[logical]; changed != isRevision {
				t.Errorf("%s/%s (%s): was %s, is %s", name, logical, r["Type"], before.ids[logical], after.ids[logical])
			} else if changed {
				revisions++
			} else {
				same++
			}
		}
	}
	t.Logf("release 2: %d task definitions have a new revision, %d other resources are the same as before", revisions, same)
}

// checkServices finds services on the revisions of the second release.
func checkServices(t *testing.T, c *account, resources []resource) {
	t.Helper()
	moved := 0
	for _, r := range resources {
		if r.kind != "AWS::ECS::Service" {
			continue
		}
		description, err := c.describe(t.Context(), r)
		service, isObject := description.(object)
		if err != nil || !isObject {
			t.Errorf("%s: %v", r, err)
			continue
		}
		controller, _ := service["DeploymentController"].(object)
		if controller["Type"] == "CODE_DEPLOY" {
			t.Logf("%s: CodeDeploy, which a custom resource asks, moves it to the new revision; an emulator runs no functions", r)
			continue
		}
		revision := resource{kind: "AWS::ECS::TaskDefinition", id: fmt.Sprint(service["TaskDefinition"])}
		definition, err := c.describe(t.Context(), revision)
		if err != nil || definition == nil {
			t.Errorf("%s runs %s, which is not there (%v)", r, revision.id, err)
			continue
		}
		moved++
		for _, container := range definition.(object)["ContainerDefinitions"].([]any) {
			if image := fmt.Sprint(container.(object)["Image"]); !strings.HasSuffix(image, nextTag) {
				t.Errorf("%s runs %s with the image %s", r, revision.id, image)
			}
		}
	}
	t.Logf("release 2: %d services run it", moved)
}

// unprotect does what somebody has to who means to destroy a load balancer.
func unprotect(t *testing.T, c *account, resources []resource) {
	t.Helper()
	const protection = "deletion_protection.enabled"
	for _, r := range resources {
		if r.kind != "AWS::ElasticLoadBalancingV2::LoadBalancer" || mapped(listed(r.want["LoadBalancerAttributes"]))[protection] != "true" {
			continue
		}
		if _, err := c.elb.ModifyLoadBalancerAttributes(t.Context(), &elasticloadbalancingv2.ModifyLoadBalancerAttributesInput{
			LoadBalancerArn: &r.id,
			Attributes:      []types.LoadBalancerAttribute{{Key: aws.String(protection), Value: aws.String("false")}},
		}); err != nil {
			t.Error(err)
		}
	}
}

// checkLeft finds what is to be kept, and nothing else.
func checkLeft(t *testing.T, c *account, resources []resource) {
	t.Helper()
	var kept []string
	gone, leaked := 0, map[string]int{}
	for _, r := range resources {
		description, err := c.describe(t.Context(), r)
		switch there := description != nil; {
		case err != nil:
			t.Errorf("%s: %v", r, err)
		case there && !r.keep && left[r.kind] != "":
			leaked[r.kind]++
		case there && !r.keep:
			t.Errorf("%s: %s is left", r, r.id)
		case !there && r.keep:
			t.Errorf("%s: %s is to be kept and gone", r, r.id)
		case there:
			kept = append(kept, fmt.Sprintf("  %s: %s", r, r.id))
		default:
			gone++
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(leaked)) {
		t.Logf("%d of %s are left: %s", leaked[kind], kind, left[kind])
	}
	slices.Sort(kept)
	t.Logf("%d resources are gone, %d kept because their policy is to retain them\n%s", gone, len(kept), strings.Join(kept, "\n"))
}
