// Package guide writes what people have to do by hand: instructions for those
// who hold the phones, and the administrator's checklist of steps at Apple and
// in the portals that no request can do.
//
// Which text somebody gets follows from the enrollment profile that the
// devices enroll by ([Audiences], [FromTenant]): there is one [Variant] for each way a
// user of Microsoft's enrollment guide for iOS and iPadOS can meet. What a
// variant consists of, and when each line belongs to it, stands in tables in
// Go; the words stand in texts/*.json, for each language one file for users and
// one for administrators with the same keys, so that a new language needs no code. The [Page] that results is
// data: [Markdown], [HTML] and [Text] only lay it out.
//
// Each line cites the statements of the guide that it carries ([Carried]), and
// [Statements] is the list of all of them.
package guide
