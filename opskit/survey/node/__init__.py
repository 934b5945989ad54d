"""What JavaScript and TypeScript code shows of the platform: services, routes, functions, environment reads."""
