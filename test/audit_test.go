package test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// TestEveryPropsHasProblems reads the source of the library, and finds no exported Props that cannot say what is wrong with it:
// by a method of its own, or by that of a type of its package that it embeds.
func TestEveryPropsHasProblems(t *testing.T) {
	says, embeds := map[string]bool{}, map[string][]string{}
	for _, root := range []string{"../constructs", "../patterns"} {
		err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") ||
				strings.Contains(path, "/internal/") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			prefix := filepath.Dir(path) + "."
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.FuncDecl:
					if n.Recv != nil && n.Name.Name == "Problems" {
						says[prefix+typeName(n.Recv.List[0].Type)] = true
					}
				case *ast.TypeSpec:
					fields, isStruct := n.Type.(*ast.StructType)
					if !isStruct || !n.Name.IsExported() || !strings.HasSuffix(n.Name.Name, "Props") {
						break
					}
					embeds[prefix+n.Name.Name] = nil
					for _, field := range fields.Fields.List {
						if len(field.Names) == 0 {
							embeds[prefix+n.Name.Name] = append(embeds[prefix+n.Name.Name], prefix+typeName(field.Type))
						}
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(embeds) == 0 {
		t.Fatal("no Props found")
	}
	for props, types := range embeds {
		if says[props] || len(types) == 1 && says[types[0]] {
			continue
		}
		t.Errorf("%s has no method Problems", props)
	}
}

func typeName(e ast.Expr) string {
	if star, pointer := e.(*ast.StarExpr); pointer {
		e = star.X
	}
	if name, plain := e.(*ast.Ident); plain {
		return name.Name
	}
	return ""
}
