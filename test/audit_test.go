package test

import (
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/ecskit/ecskit/test/internal/proof"
)

const module = "github.com/ecskit/ecskit/"

// source is the library as its source says it: what users can set, and what examples and cases with goldens do set.
type source struct {
	values map[*types.Named]bool // the exported struct types of Props and of all that they hold
	fields map[string]bool       // theirs
	set    map[string]bool
}

var readSource = sync.OnceValues(func() (*source, error) {
	loaded, err := packages.Load(&packages.Config{Mode: packages.LoadSyntax, Dir: ".."},
		"./constructs/...", "./patterns/...", "./examples/...", "./test/internal/cases")
	if err != nil {
		return nil, err
	}
	s := &source{map[*types.Named]bool{}, map[string]bool{}, map[string]bool{}}
	passed, library := map[string][]string{}, map[string]*types.Package{}
	for _, p := range loaded {
		if len(p.Errors) > 0 {
			return nil, p.Errors[0]
		}
		path := strings.TrimPrefix(p.PkgPath, module)
		switch {
		case strings.HasPrefix(path, "constructs/internal/"):
		case strings.HasPrefix(path, "constructs/"), strings.HasPrefix(path, "patterns/"):
			library[p.PkgPath] = p.Types
			s.notePassedFields(p, passed)
		default:
			for _, file := range p.Syntax {
				eachSetField(file, p.TypesInfo, func(field string, _ ast.Expr) { s.set[field] = true })
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for field, sources := range passed {
			if !s.set[field] && slices.ContainsFunc(sources, func(source string) bool { return s.set[source] }) {
				s.set[field], changed = true, true
			}
		}
	}
	seen := map[types.Type]bool{}
	for _, p := range library {
		for _, name := range p.Scope().Names() {
			if object := p.Scope().Lookup(name); object.Exported() && strings.HasSuffix(name, "Props") {
				s.noteFields(object.Type(), library, seen)
			}
		}
	}
	return s, nil
})

// problemsOfOwner are the types without a method Problems.
var problemsOfOwner = map[string]string{
	"constructs/alarm.Target":    "made by a service",
	"constructs/alarm.Unbounded": "made by a service",
	"constructs/scaling.Group":   "made by a service",
	"constructs/scaling.Step":    "right or wrong beside the other steps alone",
	"constructs/task.Allow":      "nothing in it can be wrong",
	"constructs/task.NamedPort":  "made by a service",
}

// TestEveryValueHasProblems finds no Props, policy or other value that users set that cannot say what is wrong with it.
func TestEveryValueHasProblems(t *testing.T) {
	s, err := readSource()
	if err != nil {
		t.Fatal(err)
	}
	without := maps.Clone(problemsOfOwner)
	for value := range s.values {
		name := strings.TrimPrefix(typeString(value), module)
		if method, _, _ := types.LookupFieldOrMethod(value, true, value.Obj().Pkg(), "Problems"); method == nil && without[name] == "" {
			t.Errorf("%s has no method Problems", name)
		} else if method == nil {
			delete(without, name)
		}
	}
	for name := range without {
		t.Errorf("%s is not there any more, or has a method Problems", name)
	}
	proof.State(t, "PROOF.md", fmt.Sprintf("%d types of values, %d fields", len(s.values), len(s.fields)))
}

// TestEveryFieldIsShown finds every field that users can set set by an example, or by a case that has a golden. A field also
// counts that the library sets by itself, or from another field that is set; a default does not.
func TestEveryFieldIsShown(t *testing.T) {
	s, err := readSource()
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range slices.Sorted(maps.Keys(s.fields)) {
		if !s.set[field] {
			t.Errorf("no example and no case with a golden sets %s", strings.TrimPrefix(field, module))
		}
	}
	proof.State(t, "PROOF.md", fmt.Sprintf("%d of %d fields", len(s.fields), len(s.fields)))
}

// notePassedFields notes which fields the library sets by itself, and which from which others.
func (s *source) notePassedFields(p *packages.Package, passed map[string][]string) {
	for _, file := range p.Syntax {
		for _, declaration := range file.Decls {
			function, _ := declaration.(*ast.FuncDecl)
			defaults := function != nil && function.Name.Name == "withDefaults"
			eachSetField(declaration, p.TypesInfo, func(field string, value ast.Expr) {
				sources := fieldsIn(value, p.TypesInfo)
				passed[field] = append(passed[field], sources...)
				if len(sources) == 0 && !defaults {
					s.set[field] = true
				}
			})
		}
	}
}

// noteFields notes the exported fields of the struct types that a value of the type can hold: by itself, in a list or a
// map, behind a pointer, or as an implementation of an interface of the library.
func (s *source) noteFields(typ types.Type, library map[string]*types.Package, seen map[types.Type]bool) {
	if seen[typ] {
		return
	}
	seen[typ] = true
	switch u := typ.(type) {
	case *types.Pointer:
		s.noteFields(u.Elem(), library, seen)
		return
	case *types.Slice:
		s.noteFields(u.Elem(), library, seen)
		return
	case *types.Map:
		s.noteFields(u.Elem(), library, seen)
		return
	}
	named, isNamed := types.Unalias(typ).(*types.Named)
	if !isNamed || named.Obj().Pkg() == nil || library[named.Obj().Pkg().Path()] == nil {
		return
	}
	switch u := named.Underlying().(type) {
	case *types.Struct:
		if isConstruct(u) {
			return
		}
		for field := range u.Fields() {
			if field.Exported() {
				s.values[named] = true
				s.fields[fieldOf(named, field.Name())] = true
				s.noteFields(field.Type(), library, seen)
			}
		}
	case *types.Interface:
		for _, p := range library {
			for _, name := range p.Scope().Names() {
				object, isType := p.Scope().Lookup(name).(*types.TypeName)
				if isType && object.Exported() && object.Type() != typ &&
					(types.Implements(object.Type(), u) || types.Implements(types.NewPointer(object.Type()), u)) {
					s.noteFields(object.Type(), library, seen)
				}
			}
		}
	default:
		s.noteFields(u, library, seen)
	}
}

// isConstruct reports whether a struct is what a constructor made, whose fields are for reading.
func isConstruct(s *types.Struct) bool {
	for field := range s.Fields() {
		if field.Embedded() && field.Name() == "Construct" {
			return true
		}
	}
	return false
}

// eachSetField calls note for every field that is set in a piece of source, in a literal or by assignment.
func eachSetField(in ast.Node, info *types.Info, note func(field string, value ast.Expr)) {
	ast.Inspect(in, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			fields, isStruct := info.TypeOf(n).Underlying().(*types.Struct)
			for i, element := range n.Elts {
				if pair, keyed := element.(*ast.KeyValueExpr); keyed {
					if name, isName := pair.Key.(*ast.Ident); isName {
						note(fieldOf(info.TypeOf(n), name.Name), pair.Value)
					}
				} else if isStruct {
					note(fieldOf(info.TypeOf(n), fields.Field(i).Name()), element)
				}
			}
		case *ast.AssignStmt:
			for i, target := range n.Lhs {
				if selector, isField := target.(*ast.SelectorExpr); isField {
					note(fieldOf(info.TypeOf(selector.X), selector.Sel.Name), n.Rhs[min(i, len(n.Rhs)-1)])
				}
			}
		}
		return true
	})
}

// fieldsIn returns the fields that an expression reads.
func fieldsIn(value ast.Expr, info *types.Info) []string {
	var fields []string
	ast.Inspect(value, func(n ast.Node) bool {
		if selector, isSelector := n.(*ast.SelectorExpr); isSelector {
			if selection := info.Selections[selector]; selection != nil && selection.Kind() == types.FieldVal {
				fields = append(fields, fieldOf(selection.Recv(), selector.Sel.Name))
			}
		}
		return true
	})
	return fields
}

// fieldOf names a field of a named struct type, or of what a pointer to it points to; empty for any other type.
func fieldOf(typ types.Type, field string) string {
	if pointer, isPointer := types.Unalias(typ).(*types.Pointer); isPointer {
		typ = pointer.Elem()
	}
	named, isNamed := types.Unalias(typ).(*types.Named)
	if !isNamed || named.Obj().Pkg() == nil {
		return ""
	}
	return typeString(named) + "." + field
}

func typeString(named *types.Named) string {
	return named.Obj().Pkg().Path() + "." + named.Obj().Name()
}
