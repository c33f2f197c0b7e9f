// Reads PowerShell from stdin, and fails where the grammar of tree-sitter does
// not fit. It knows the language, and no cmdlet.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Language, Parser } from "web-tree-sitter";

await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(fileURLToPath(import.meta.resolve("tree-sitter-powershell/tree-sitter-powershell.wasm"))));
const { rootNode } = parser.parse(readFileSync(0, "utf8"));
if (rootNode.hasError || rootNode.namedChildCount === 0) {
  const [error = rootNode] = rootNode.descendantsOfType("ERROR");
  console.error(`no PowerShell: line ${error.startPosition.row + 1}: ${error.text}`);
  process.exit(1);
}
