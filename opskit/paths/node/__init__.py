"""How Node takes a file of JavaScript or TypeScript, and whether it is Node that runs it."""
