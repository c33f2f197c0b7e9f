package enroll

// Shared are the items that two objects have both.
type Shared struct {
	First, Second Object
	Items         []string
}

// SharedItems are the pairs of objects that have items in common, in the order
// of the second. An item that more than two have is told of each with the first.
func SharedItems(objects []Object) []Shared {
	var out []Shared
	first := map[string]int{} // item -> place of the object that has it first
	for i, o := range objects {
		pairs := map[int]int{} // place of the first -> place in out
		for _, item := range o.Items {
			at, seen := first[item]
			if !seen {
				first[item] = i
				continue
			}
			pair, known := pairs[at]
			if !known {
				pair = len(out)
				pairs[at] = pair
				out = append(out, Shared{First: objects[at], Second: o})
			}
			out[pair].Items = append(out[pair].Items, item)
		}
	}
	return out
}
