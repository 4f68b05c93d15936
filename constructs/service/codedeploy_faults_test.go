package service_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ecskit/ecskit/constructs/internal/function/functiontest"
)

// releases are what CodeDeploy has of a service, and what ECS has.
type releases struct {
	serves   string // the revision that the requests come to
	wants    string // the one that they must come to when the request is done
	before   string // and when it is taken back
	all      []*oneRelease
	ends     string        // how each of CloudFormation's ends: Succeeded or Failed
	take     time.Duration // how long each takes
	approval bool          // each waits for somebody to say that it may go on
}

type oneRelease struct {
	id, description, revision, previous, status string

	began, ends time.Time
	continued   bool
	rollback    string // the deployment that returns
}

func (rs *releases) Call(name string, input map[string]any, now time.Time) (map[string]any, error) {
	rs.advance(now)
	switch name {
	case "DescribeServices":
		return serving(rs.serves), nil
	case "ListDeployments":
		return rs.list(input), nil
	case "CreateDeployment":
		if slices.ContainsFunc(rs.all, (*oneRelease).unfinished) {
			return nil, functiontest.Refuse("DeploymentLimitExceededException")
		}
		content := fmt.Sprint(input["revision"].(map[string]any)["appSpecContent"])
		_, revision, _ := strings.Cut(content, family+":")
		revision, _, _ = strings.Cut(revision, `"`)
		return map[string]any{"deploymentId": rs.create(fmt.Sprint(input["description"]), revision, now).id}, nil
	}
	r := rs.find(fmt.Sprint(input["deploymentId"]))
	if r == nil {
		return nil, functiontest.Refuse(rs.Missing(name))
	}
	switch name {
	case "StopDeployment":
		if !r.unfinished() {
			return nil, functiontest.Refuse("DeploymentAlreadyCompletedException")
		}
		rs.end(r, "Stopped", now)
	case "ContinueDeployment":
		if r.status != "Ready" {
			return nil, functiontest.Refuse("DeploymentIsNotInReadyStateException")
		}
		r.continued, r.status, r.ends = true, "InProgress", now.Add(rs.take)
	case "GetDeployment":
		info := answer{
			"deploymentId": r.id, "description": r.description, "status": r.status, "createTime": r.began.Format(time.RFC3339Nano),
			"errorInformation": answer{"code": "ALARM_ACTIVE", "message": "one went off"},
		}
		if r.rollback != "" {
			info["rollbackInfo"] = answer{"rollbackDeploymentId": r.rollback}
		}
		return answer{"deploymentInfo": info}, nil
	}
	return map[string]any{}, nil
}

func (rs *releases) create(description, revision string, now time.Time) *oneRelease {
	r := &oneRelease{
		id: fmt.Sprintf("d-%d", len(rs.all)), description: description, revision: revision, previous: rs.serves,
		status: "InProgress", began: now, ends: now.Add(rs.take),
	}
	if !r.forward() {
		r.ends = now.Add(8 * time.Second)
	}
	rs.all = append(rs.all, r)
	return r
}

// ours reports whether CloudFormation has asked for it, and forward whether it was not on the way back.
func (r *oneRelease) ours() bool    { return strings.HasPrefix(r.description, "For CloudFormation") }
func (r *oneRelease) forward() bool { return r.ours() && !strings.HasSuffix(r.description, " back") }

func (r *oneRelease) unfinished() bool { return r.status == "InProgress" || r.status == "Ready" }

// end ends a deployment. One that ends badly is followed by another that returns to what was before.
func (rs *releases) end(r *oneRelease, status string, now time.Time) {
	if r.status = status; status == "Succeeded" {
		rs.serves = r.revision
		return
	}
	r.rollback = rs.create("CodeDeploy returns", r.previous, now).id
}

// advance lets the deployments go on until now.
func (rs *releases) advance(now time.Time) {
	for _, r := range rs.all { // those that are made meanwhile end later
		switch {
		case !r.unfinished() || now.Before(r.ends):
		case r.ours() && rs.approval && !r.continued:
			r.status = "Ready"
		case r.forward():
			rs.end(r, rs.ends, now)
		default:
			rs.end(r, "Succeeded", now)
		}
	}
}

func (rs *releases) list(input map[string]any) map[string]any {
	ids := []string{}
	for _, r := range slices.Backward(rs.all) {
		if input["includeOnlyStatuses"] == nil || r.unfinished() {
			ids = append(ids, r.id)
		}
	}
	return map[string]any{"deployments": ids}
}

func (rs *releases) find(id string) *oneRelease {
	for _, r := range rs.all {
		if r.id == id {
			return r
		}
	}
	return nil
}

func (*releases) Missing(name string) string {
	switch name {
	case "DescribeServices":
		return "ClusterNotFoundException"
	case "ListDeployments", "CreateDeployment":
		return "DeploymentGroupDoesNotExistException"
	}
	return "DeploymentDoesNotExistException"
}

// Made lists the requests of CloudFormation that there are deployments for.
func (rs *releases) Made() []string {
	var made []string
	for _, r := range rs.all {
		if r.ours() {
			made = append(made, r.description)
		}
	}
	return made
}

func (*releases) Secrets() []string { return nil }

func (rs *releases) Wrong(done bool, now time.Time) string {
	rs.advance(now)
	want := rs.before
	if done {
		want = rs.wants
	}
	if rs.serves != want {
		return fmt.Sprintf("revision %s serves, want %s", rs.serves, want)
	}
	for _, r := range rs.all {
		if r.unfinished() {
			return fmt.Sprintf("%s %s is on its way", r.id, r.description)
		}
	}
	return ""
}

// TestReleaseWithFaults meets every fault at every call of what CloudFormation may ask for.
func TestReleaseWithFaults(t *testing.T) {
	t.Parallel()
	world := func(rs releases) func() functiontest.World {
		return func() functiontest.World {
			fresh := rs
			fresh.all, fresh.take = nil, 8*time.Second
			if rs.take > 0 {
				fresh.take = rs.take
			}
			return &fresh
		}
	}
	// left is a world with a release on its way, which CloudFormation has given up.
	left := func(rs releases) func() functiontest.World {
		return func() functiontest.World {
			fresh := world(rs)().(*releases)
			fresh.create("For CloudFormation, request given up", "2", time.Date(2025, time.December, 31, 23, 59, 59, 0, time.UTC)).ends =
				time.Date(2026, time.January, 1, 1, 0, 0, 0, time.UTC)
			return fresh
		}
	}
	create := functiontest.Event{Kind: "Create", Properties: wantedRelease("1")}
	remove := functiontest.Event{Kind: "Delete", PhysicalID: "group", Properties: wantedRelease("1")}
	late := release("1", "2")
	late.Properties["TimeoutSeconds"] = "15"
	late.Properties["NeedsSeconds"] = "0"
	up := releases{serves: "1", wants: "2", before: "1", ends: "Succeeded"}
	down := releases{serves: "2", wants: "1", before: "2", ends: "Succeeded"}
	same := releases{serves: "1", wants: "1", before: "1", ends: "Succeeded"}
	fails, long, tooLong, approved := up, up, up, down
	fails.ends, long.take, tooLong.take, approved.approval = "Failed", 70*time.Second, 20*time.Hour, true
	scenarios := []functiontest.Scenario{
		{Name: "create", World: world(same), Event: create},
		{Name: "nothing new", World: world(same), Event: release("1", "1")},
		{Name: "later", World: world(up), Event: release("1", "2")},
		{Name: "longer than a function", World: world(long), Event: release("1", "2"), Limit: 90 * time.Second},
		{Name: "fails", World: world(fails), Event: release("1", "2"), Fails: true},
		{Name: "too long", World: world(tooLong), Event: late, Fails: true},
		{Name: "back by itself", World: left(same), Event: release("2", "1"), Back: true, Within: 5 * time.Minute},
		{Name: "back", World: world(down), Event: release("2", "1"), Back: true},
		{Name: "back without approval", World: world(approved), Event: release("2", "1"), Back: true},
		{Name: "delete", World: world(same), Event: remove},
		{Name: "delete what deploys", World: left(same), Event: remove, Within: 5 * time.Minute},
	}
	for i := range scenarios {
		scenarios[i].Starts = "CreateDeployment"
	}
	functiontest.Faults(t, "function/codedeploy.js", scenarios)
}
