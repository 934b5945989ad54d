"""Servers of Go, Rust, Java, Kotlin, C#, PHP, Ruby and Elixir in the forms that their frameworks' documentation shows, and decoys beside them.

Each case: the files of a platform, and what it claims: `service port scope`.
"""

import pytest

from opskit.ports.rules import check

from .conftest import lay, surveyed

GO = {
    "gin :9000": ({"svc/go.mod": 'module example.org/svc\n', "svc/main.go": 'package main\n\nimport (\n\t"github.com/gin-gonic/gin"\n)\n\nfunc main() {\nr := gin.Default()\nr.Run(":9000")\n}\n'}, {"svc 9000 machine"}),
    "gin default": ({"svc/go.mod": 'module example.org/svc\n', "svc/main.go": 'package main\n\nimport (\n\t"github.com/gin-gonic/gin"\n)\n\nfunc main() {\nr := gin.Default()\nr.Run()\n}\n'}, {"svc 8080 machine"}),
    "gin env": ({"svc/go.mod": 'module example.org/svc\n', "svc/main.go": 'package main\n\nimport (\n\t"os"\n"github.com/gin-gonic/gin"\n)\n\nfunc main() {\nport := os.Getenv("PORT")\nif port == "" {\n port = "9000"\n}\nr := gin.Default()\nr.Run(":" + port)\n}\n'}, {"svc 9000 machine"}),
    "gin Sprintf": ({"svc/go.mod": 'module example.org/svc\n', "svc/main.go": 'package main\n\nimport (\n\t"fmt"\n"github.com/gin-gonic/gin"\n)\n\nfunc main() {\nr := gin.Default()\nr.Run(fmt.Sprintf(":%d", 9000))\n}\n'}, {"svc 9000 machine"}),
    "gin RunTLS": ({"svc/go.mod": 'module example.org/svc\n', "svc/main.go": 'package main\n\nimport (\n\t"github.com/gin-gonic/gin"\n)\n\nfunc main() {\nr := gin.Default()\nr.RunTLS(":9000", "a", "b")\n}\n'}, {"svc 9000 machine"}),
    "gin const": ({"svc/go.mod": 'module example.org/svc\n', "svc/main.go": 'package main\n\nimport (\n\t"github.com/gin-gonic/gin"\n)\n\nfunc main() {\nr := gin.Default()\nif err := r.Run(addr); err != nil { panic(err) }\n}\n', "svc/cfg.go": 'package main\n\nconst addr = ":9000"\n'}, {"svc 9000 machine"}),
    "echo": ({"svc/go.mod": 'module example.org/svc\n', "svc/main.go": 'package main\n\nimport (\n\t"github.com/labstack/echo/v4"\n)\n\nfunc main() {\ne := echo.New()\ne.Logger.Fatal(e.Start(":9000"))\n}\n'}, {"svc 9000 machine"}),
    "fiber": ({"svc/go.mod": 'module example.org/svc\n', "svc/main.go": 'package main\n\nimport (\n\t"log"\n"github.com/gofiber/fiber/v2"\n)\n\nfunc main() {\napp := fiber.New()\nlog.Fatal(app.Listen(":9000"))\n}\n'}, {"svc 9000 machine"}),
    "chi": ({"svc/go.mod": 'module example.org/svc\n', "svc/main.go": 'package main\n\nimport (\n\t"net/http"\n"github.com/go-chi/chi/v5"\n)\n\nfunc main() {\nr := chi.NewRouter()\nhttp.ListenAndServe(":9000", r)\n}\n'}, {"svc 9000 machine"}),
    "http.Server var": ({"svc/go.mod": 'module example.org/svc\n', "svc/main.go": 'package main\n\nimport (\n\t"net/http"\n)\n\nfunc main() {\nsrv := &http.Server{\n Addr: ":9000",\n Handler: nil,\n}\nsrv.ListenAndServe()\n}\n'}, {"svc 9000 machine"}),
    "http.Server after": ({"svc/go.mod": 'module example.org/svc\n', "svc/main.go": 'package main\n\nimport (\n\t"net/http"\n)\n\nfunc main() {\nsrv := http.Server{}\nsrv.Addr = ":9000"\nsrv.ListenAndServe()\n}\n'}, {"svc 9000 machine"}),
    "getEnv helper": ({"svc/go.mod": 'module example.org/svc\n', "svc/main.go": 'package main\n\nimport (\n\t"net/http"\n)\n\nfunc main() {\nport := getEnv("PORT", "9000")\nhttp.ListenAndServe(":"+port, nil)\n}\n'}, {"svc 9000 machine"}),
    "flag": ({"svc/go.mod": 'module example.org/svc\n', "svc/main.go": 'package main\n\nimport (\n\t"net/http"\n)\n\nfunc main() {\nport := flag.Int("port", 9000, "port")\nflag.Parse()\nhttp.ListenAndServe(fmt.Sprintf(":%d", *port), nil)\n}\n'}, {"svc 9000 machine"}),
    "viper default": ({"svc/go.mod": 'module example.org/svc\n', "svc/main.go": 'package main\n\nimport (\n\t"net/http"\n)\n\nfunc main() {\nviper.SetDefault("server.port", 9000)\nhttp.ListenAndServe(":"+viper.GetString("server.port"), nil)\n}\n'}, {"svc 9000 machine"}),
    "envconfig": ({"svc/go.mod": 'module example.org/svc\n', "svc/main.go": 'package main\n\nimport (\n\t"net/http"\n)\n\nfunc main() {\nhttp.ListenAndServe(fmt.Sprintf(":%d", cfg.Port), nil)\n}\n', "svc/config/config.go": 'package config\n\ntype Config struct {\n\tPort int `env:"PORT" envDefault:"9000"`\n}\n'}, {"svc 9000 machine"}),
    "config yaml": ({"svc/go.mod": 'module example.org/svc\n', "svc/main.go": 'package main\n\nimport (\n\t"net/http"\n)\n\nfunc main() {\ncfg := config.Load()\nhttp.ListenAndServe(":"+cfg.Server.Port, nil)\n}\n', "svc/config/config.yaml": 'server:\n  port: 9000\n'}, {"svc 9000 machine"}),
    "httptest decoy": ({"svc/go.mod": 'module example.org/svc\n', "svc/main.go": 'package main\n\nimport (\n\t"net"\n)\n\nfunc main() {\nl, _ := net.Dial("tcp", "localhost:9000")\n_ = l\n}\n'}, set()),
    "timeout decoy": ({"svc/go.mod": 'module example.org/svc\n', "svc/main.go": 'package main\n\nimport (\n\t"net/http"\n)\n\nfunc main() {\nhttp.TimeoutHandler(nil, 5000, "x")\n}\n'}, set()),
}
RUST = {
    "actix": ({"svc/Cargo.toml": '[package]\nname = "svc"\n', "svc/src/main.rs": 'use actix_web::{App, HttpServer};\n#[actix_web::main]\nasync fn main() -> std::io::Result<()> {\n    HttpServer::new(|| App::new())\n        .bind(("127.0.0.1", 9000))?\n        .run()\n        .await\n}\n'}, {"svc 9000 machine"}),
    "actix string": ({"svc/Cargo.toml": '[package]\nname = "svc"\n', "svc/src/main.rs": 'use actix_web::{App, HttpServer};\nfn main() { HttpServer::new(|| App::new()).bind("0.0.0.0:9000")?.run() }\n'}, {"svc 9000 machine"}),
    "actix format": ({"svc/Cargo.toml": '[package]\nname = "svc"\n', "svc/src/main.rs": 'use actix_web::HttpServer;\nfn main() { let port: u16 = std::env::var("PORT").unwrap_or_else(|_| "9000".to_string()).parse().unwrap();\n HttpServer::new(|| App::new()).bind(format!("0.0.0.0:{}", port))?.run() }\n'}, {"svc 9000 machine"}),
    "axum": ({"svc/Cargo.toml": '[package]\nname = "svc"\n', "svc/src/main.rs": '#[tokio::main]\nasync fn main() {\n let app = axum::Router::new();\n let listener = tokio::net::TcpListener::bind("0.0.0.0:9000").await.unwrap();\n axum::serve(listener, app).await.unwrap();\n}\n'}, {"svc 9000 machine"}),
    "axum SocketAddr": ({"svc/Cargo.toml": '[package]\nname = "svc"\n', "svc/src/main.rs": 'async fn main() {\n let addr = SocketAddr::from(([0, 0, 0, 0], 9000));\n let listener = TcpListener::bind(addr).await.unwrap();\n axum::serve(listener, app).await.unwrap();\n}\n'}, {"svc 9000 machine"}),
    "axum 0.6": ({"svc/Cargo.toml": '[package]\nname = "svc"\n', "svc/src/main.rs": 'async fn main() {\n let addr = SocketAddr::from(([127, 0, 0, 1], 9000));\n axum::Server::bind(&addr).serve(app.into_make_service()).await.unwrap();\n}\n'}, {"svc 9000 machine"}),
    "axum Ipv4Addr": ({"svc/Cargo.toml": '[package]\nname = "svc"\n', "svc/src/main.rs": 'async fn main() {\n let addr = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 9000);\n let listener = TcpListener::bind(addr).await.unwrap();\n}\n'}, {"svc 9000 machine"}),
    "axum inline format": ({"svc/Cargo.toml": '[package]\nname = "svc"\n', "svc/src/main.rs": 'async fn main() {\n let port = env::var("PORT").ok().and_then(|p| p.parse().ok()).unwrap_or(9000);\n let listener = TcpListener::bind(format!("0.0.0.0:{port}")).await.unwrap();\n}\n'}, {"svc 9000 machine"}),
    "axum tuple const": ({"svc/Cargo.toml": '[package]\nname = "svc"\n', "svc/src/main.rs": 'const PORT: u16 = 9000;\nasync fn main() {\n let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, PORT)).await.unwrap();\n}\n'}, {"svc 9000 machine"}),
    "rocket default": ({"svc/Cargo.toml": '[package]\nname = "svc"\n', "svc/src/main.rs": '#[macro_use] extern crate rocket;\n#[launch]\nfn rocket() -> _ { rocket::build().mount("/", routes![]) }\n'}, {"svc 8000 machine"}),
    "rocket toml": ({"svc/Cargo.toml": '[package]\nname = "svc"\n', "svc/src/main.rs": '#[launch]\nfn rocket() -> _ { rocket::build() }\n', "svc/Rocket.toml": '[default]\naddress = "0.0.0.0"\nport = 9000\n'}, {"svc 9000 machine"}),
    "rocket figment": ({"svc/Cargo.toml": '[package]\nname = "svc"\n', "svc/src/main.rs": '#[launch]\nfn rocket() -> _ { let figment = rocket::Config::figment().merge(("port", 9000));\n rocket::custom(figment) }\n'}, {"svc 9000 machine"}),
    "warp": ({"svc/Cargo.toml": '[package]\nname = "svc"\n', "svc/src/main.rs": '#[tokio::main]\nasync fn main() { warp::serve(routes).run(([127, 0, 0, 1], 9000)).await; }\n'}, {"svc 9000 machine"}),
    "tonic": ({"svc/Cargo.toml": '[package]\nname = "svc"\n', "svc/src/main.rs": 'async fn main() { let addr = "[::1]:9000".parse()?; Server::builder().add_service(x).serve(addr).await?; }\nuse tonic::transport::Server;\n'}, {"svc 9000 machine"}),
    "clap default": ({"svc/Cargo.toml": '[package]\nname = "svc"\n', "svc/src/main.rs": '#[derive(Parser)]\nstruct Args {\n #[arg(long, env = "PORT", default_value_t = 9000)]\n port: u16,\n}\nasync fn main() { let args = Args::parse(); let l = TcpListener::bind(("0.0.0.0", args.port)).await; }\n'}, {"svc 9000 machine"}),
    "rust TcpStream decoy": ({"svc/Cargo.toml": '[package]\nname = "svc"\n', "svc/src/main.rs": 'fn main() { TcpStream::connect("127.0.0.1:9000"); }\n'}, set()),
}
JAVA = {
    "spring properties": ({"svc/pom.xml": '<project><artifactId>svc</artifactId></project>', "svc/src/main/java/x/App.java": '@SpringBootApplication\nclass App {}', "svc/src/main/resources/application.properties": 'server.port=9000\n'}, {"svc 9000 machine"}),
    "spring properties env": ({"svc/pom.xml": '<project><artifactId>svc</artifactId></project>', "svc/src/main/java/x/App.java": '@SpringBootApplication\nclass App {}', "svc/src/main/resources/application.properties": 'server.port=${SERVER_PORT:9000}\n'}, {"svc 9000 machine"}),
    "spring yaml": ({"svc/pom.xml": '<project><artifactId>svc</artifactId></project>', "svc/src/main/java/x/App.java": '@SpringBootApplication\nclass App {}', "svc/src/main/resources/application.yml": 'server:\n  port: ${PORT:9000}\nspring:\n  application:\n    name: other\n'}, {"svc 9000 machine"}),
    "spring management": ({"svc/pom.xml": '<project><artifactId>svc</artifactId></project>', "svc/src/main/java/x/App.java": '@SpringBootApplication\nclass App {}', "svc/src/main/resources/application.yml": 'server:\n  port: 9000\nmanagement:\n  server:\n    port: 9001\n'}, {"svc 9000 machine", "svc 9001 machine"}),
    "spring default": ({"svc/pom.xml": '<project><artifactId>svc</artifactId><dependencies><artifactId>spring-boot-starter-web</artifactId></dependencies></project>', "svc/src/main/java/x/App.java": '@SpringBootApplication\nclass App {}'}, {"svc 8080 machine"}),
    "spring compose env": ({"docker-compose.yml": 'services:\n  svc:\n    build: svc\n    environment:\n      SERVER_PORT: 9000\n', "svc/Dockerfile": 'FROM x\nCOPY . .\n', "svc/pom.xml": '<project><artifactId>svc</artifactId></project>', "svc/src/main/java/x/App.java": '@SpringBootApplication\nclass App {}', "svc/src/main/resources/application.properties": 'server.port=${SERVER_PORT:8080}\n'}, {"svc 9000 container"}),
    "spring env only": ({"docker-compose.yml": 'services:\n  svc:\n    build: svc\n    environment:\n      - SERVER_PORT=${SVC_PORT}\n', ".env": 'SVC_PORT=9000\n', "svc/Dockerfile": 'FROM x\nCOPY . .\n', "svc/pom.xml": '<project><artifactId>svc</artifactId></project>', "svc/src/main/java/x/App.java": '@SpringBootApplication\nclass App {}', "svc/src/main/resources/application.properties": 'server.port=${SERVER_PORT}\n'}, {"svc 9000 container"}),
    "spring profiles": ({"svc/pom.xml": '<project><artifactId>svc</artifactId></project>', "svc/src/main/java/x/App.java": '@SpringBootApplication\nclass App {}', "svc/src/main/resources/application.properties": 'server.port=9000\n', "svc/src/main/resources/application-prod.properties": 'server.port=9443\n'}, {"svc 9000 machine", "svc 9443 machine"}),
    "spring random": ({"svc/pom.xml": '<project><artifactId>svc</artifactId></project>', "svc/src/main/java/x/App.java": '@SpringBootApplication\nclass App {}', "svc/src/main/resources/application.properties": 'server.port=0\n'}, set()),
    "spring config server by name": ({"config/pom.xml": '<project><artifactId>config</artifactId><x>spring-cloud-config-server</x></project>', "config/src/main/java/x/C.java": '@SpringBootApplication\nclass C {}', "config/src/main/resources/application.yml": 'server:\n  port: 8888\n', "config-repo/orders-service.yml": 'server:\n  port: 9000\n', "config-repo/application.yml": 'logging: x\n', "orders/pom.xml": '<project><artifactId>orders</artifactId></project>', "orders/src/main/java/x/O.java": '@SpringBootApplication\nclass O {}', "orders/src/main/resources/bootstrap.yml": 'spring:\n  application:\n    name: orders-service\n  cloud:\n    config:\n      uri: http://localhost:8888\n'}, {"config 8888 machine", "orders 9000 machine"}),
    "quarkus": ({"svc/pom.xml": '<project><artifactId>svc</artifactId></project>', "svc/src/main/java/x/App.java": 'class A {}', "svc/src/main/resources/application.properties": 'quarkus.http.port=9000\n%dev.quarkus.http.port=9001\nquarkus.http.test-port=0\n'}, {"svc 9000 machine", "svc 9001 machine"}),
    "quarkus default": ({"svc/pom.xml": '<project><artifactId>svc</artifactId><dependencies><groupId>io.quarkus</groupId><artifactId>quarkus-rest</artifactId></dependencies></project>', "svc/src/main/java/x/R.java": '@Path("/x")\nclass R {}', "svc/src/main/resources/application.properties": 'a=b\n'}, {"svc 8080 machine"}),
    "micronaut": ({"svc/pom.xml": '<project><artifactId>svc</artifactId></project>', "svc/src/main/java/x/App.java": 'class A {}', "svc/src/main/resources/application.yml": 'micronaut:\n  server:\n    port: 9000\n'}, {"svc 9000 machine"}),
    "micronaut env": ({"svc/pom.xml": '<project><artifactId>svc</artifactId></project>', "svc/src/main/java/x/App.java": 'class A {}', "svc/src/main/resources/application.yml": 'micronaut:\n  server:\n    port: ${PORT:9000}\n'}, {"svc 9000 machine"}),
    "vertx": ({"svc/pom.xml": '<project><artifactId>svc</artifactId></project>', "svc/src/main/java/x/App.java": 'import io.vertx.core.Vertx;\nclass A { void s() { vertx.createHttpServer().requestHandler(r).listen(9000); } }'}, {"svc 9000 machine"}),
    "vertx options": ({"svc/pom.xml": '<project><artifactId>svc</artifactId></project>', "svc/src/main/java/x/App.java": 'import io.vertx.core.Vertx;\nclass A { void s() { vertx.createHttpServer(new HttpServerOptions().setPort(9000)).listen(); } }'}, {"svc 9000 machine"}),
    "helidon": ({"svc/pom.xml": '<project><artifactId>svc</artifactId></project>', "svc/src/main/java/x/App.java": 'import io.helidon.webserver.WebServer;\nclass A { void s() { WebServer.builder().port(9000).build().start(); } }'}, {"svc 9000 machine"}),
    "HttpServer.create": ({"svc/pom.xml": '<project><artifactId>svc</artifactId></project>', "svc/src/main/java/x/App.java": 'import com.sun.net.httpserver.HttpServer;\nclass A { void s() { HttpServer.create(new InetSocketAddress(9000), 0); } }'}, {"svc 9000 machine"}),
    "jetty": ({"svc/pom.xml": '<project><artifactId>svc</artifactId></project>', "svc/src/main/java/x/App.java": 'import org.eclipse.jetty.server.Server;\nclass A { void s() { Server server = new Server(9000); } }'}, {"svc 9000 machine"}),
    "dropwizard": ({"svc/pom.xml": '<project><artifactId>svc</artifactId><x>dropwizard-core</x></project>', "svc/config.yml": 'server:\n  applicationConnectors:\n    - type: http\n      port: 9000\n  adminConnectors:\n    - type: http\n      port: 9001\n', "svc/src/main/java/x/A.java": 'class A extends Application {}'}, {"svc 9000 machine", "svc 9001 machine"}),
    "ktor conf": ({"svc/build.gradle.kts": 'x', "svc/src/main/kotlin/A.kt": 'fun main(args: Array<String>) = io.ktor.server.netty.EngineMain.main(args)', "svc/src/main/resources/application.conf": 'ktor {\n  deployment {\n    port = 9000\n    port = ${?PORT}\n  }\n}\n'}, {"svc 9000 machine"}),
    "ktor yaml": ({"svc/build.gradle.kts": 'x', "svc/src/main/kotlin/A.kt": 'fun main(args: Array<String>) = io.ktor.server.netty.EngineMain.main(args)', "svc/src/main/resources/application.yaml": 'ktor:\n  deployment:\n    port: 9000\n'}, {"svc 9000 machine"}),
    "ktor embedded": ({"svc/build.gradle.kts": 'x', "svc/src/main/kotlin/A.kt": 'import io.ktor.server.engine.*\nfun main() { embeddedServer(Netty, port = 9000, host = "0.0.0.0") { }.start(wait = true) }'}, {"svc 9000 machine"}),
    "socket client decoy": ({"svc/pom.xml": '<project><artifactId>svc</artifactId></project>', "svc/src/main/java/x/App.java": 'class A { void s() { new Socket("localhost", 9000); new InetSocketAddress("localhost", 9001); } }'}, set()),
}
OTHERS = {
    "launchSettings": ({"svc/svc.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>', "svc/Program.cs": 'var b = WebApplication.CreateBuilder(args); var app = b.Build(); app.Run();', "svc/Properties/launchSettings.json": '{"profiles":{"http":{"commandName":"Project","applicationUrl":"http://localhost:9000"}}}'}, {"svc 9000 machine"}),
    "https too": ({"svc/svc.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>', "svc/Program.cs": 'app.Run();', "svc/Properties/launchSettings.json": '{"profiles":{"https":{"commandName":"Project","applicationUrl":"https://localhost:9001;http://localhost:9000"}}}'}, {"svc 9000 machine", "svc 9001 machine"}),
    "UseUrls": ({"svc/svc.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>', "svc/Program.cs": 'builder.WebHost.UseUrls("http://*:9000");'}, {"svc 9000 machine"}),
    "ConfigureKestrel": ({"svc/svc.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>', "svc/Program.cs": 'builder.WebHost.ConfigureKestrel(o => { o.ListenAnyIP(9000); });'}, {"svc 9000 machine"}),
    "kestrel Listen": ({"svc/svc.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>', "svc/Program.cs": 'builder.WebHost.ConfigureKestrel(o => { o.Listen(IPAddress.Any, 9000, l => {}); });'}, {"svc 9000 machine"}),
    "app.Run url": ({"svc/svc.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>', "svc/Program.cs": 'app.Run("http://localhost:9000");'}, {"svc 9000 machine"}),
    "app.Urls": ({"svc/svc.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>', "svc/Program.cs": 'app.Urls.Add("http://localhost:9000");'}, {"svc 9000 machine"}),
    "appsettings kestrel": ({"svc/svc.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>', "svc/Program.cs": 'app.Run();', "svc/appsettings.json": '{"Kestrel":{"Endpoints":{"Http":{"Url":"http://0.0.0.0:9000"}}}}'}, {"svc 9000 machine"}),
    "appsettings Urls": ({"svc/svc.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>', "svc/Program.cs": 'app.Run();', "svc/appsettings.json": '{"Urls":"http://localhost:9000"}'}, {"svc 9000 machine"}),
    "dockerfile aspnetcore_urls": ({"svc/svc.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>', "svc/Program.cs": 'app.Run();', "svc/Dockerfile": 'FROM mcr.microsoft.com/dotnet/aspnet\nENV ASPNETCORE_URLS=http://+:9000\nENTRYPOINT ["dotnet","svc.dll"]\n'}, {"svc 9000 container"}),
    "dockerfile http_ports": ({"svc/svc.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>', "svc/Program.cs": 'app.Run();', "svc/Dockerfile": 'FROM mcr.microsoft.com/dotnet/aspnet\nENV ASPNETCORE_HTTP_PORTS=9000\nENTRYPOINT ["dotnet","svc.dll"]\n'}, {"svc 9000 container"}),
    "compose aspnetcore_urls": ({"docker-compose.yml": 'services:\n  svc:\n    build: svc\n    environment:\n      - ASPNETCORE_URLS=http://+:9000\n    ports:\n      - "5100:9000"\n', "svc/svc.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>', "svc/Program.cs": 'app.Run();', "svc/Dockerfile": 'FROM mcr.microsoft.com/dotnet/aspnet\nENTRYPOINT ["dotnet","svc.dll"]\n'}, {"svc 5100 compose", "svc 9000 container"}),
    "compose aspnetcore_urls unpublished": ({"docker-compose.yml": 'services:\n  svc:\n    build: svc\n    environment:\n      - ASPNETCORE_URLS=http://+:9000\n', "svc/svc.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>', "svc/Program.cs": 'app.Run();', "svc/Dockerfile": 'FROM mcr.microsoft.com/dotnet/aspnet\nENTRYPOINT ["dotnet","svc.dll"]\n'}, {"svc 9000 container"}),
    "laravel serve composer": ({"svc/composer.json": '{"name":"acme/svc","require":{"laravel/framework":"^11"},"scripts":{"dev":"php artisan serve --port=9000"}}', "svc/artisan": '#!/usr/bin/env php\n'}, {"svc 9000 machine"}),
    "laravel dockerfile": ({"svc/composer.json": '{"name":"acme/svc"}', "svc/artisan": '#!/usr/bin/env php\n', "svc/Dockerfile": 'FROM php\nCMD php artisan serve --host=0.0.0.0 --port=9000\n'}, {"svc 9000 container"}),
    "laravel dockerfile default": ({"svc/composer.json": '{"name":"acme/svc"}', "svc/artisan": '#!/usr/bin/env php\n', "svc/Dockerfile": 'FROM php\nCMD ["php","artisan","serve","--host=0.0.0.0"]\n'}, {"svc 8000 container"}),
    "php -S script": ({"svc/composer.json": '{"name":"acme/svc"}', "svc/index.php": '<?php\n', "svc/run.sh": 'php -S 0.0.0.0:9000 -t public\n'}, {"svc 9000 machine"}),
    "php -S composer": ({"svc/composer.json": '{"name":"acme/svc","scripts":{"start":"php -S localhost:9000 -t public"}}', "svc/index.php": '<?php\n'}, {"svc 9000 machine"}),
    "php -S docker": ({"svc/index.php": '<?php\n', "svc/Dockerfile": 'FROM php:8\nCMD ["php","-S","0.0.0.0:9000","-t","/app"]\n'}, {"svc 9000 container"}),
    "symfony server": ({"svc/composer.json": '{"name":"acme/svc","require":{"symfony/framework-bundle":"7"}}', "Makefile": 'start:\n\tcd svc && symfony server:start --port=9000 -d\n'}, {"svc 9000 machine"}),
    "puma.rb": ({"svc/Gemfile": "gem 'rails'\n", "svc/config/puma.rb": 'threads 5, 5\nport ENV.fetch("PORT") { 9000 }\n', "svc/config.ru": 'run Rails.application\n'}, {"svc 9000 machine"}),
    "puma.rb fetch default": ({"svc/Gemfile": "gem 'rails'\n", "svc/config/puma.rb": 'workers 2\nport ENV.fetch("PORT", 9000)\n'}, {"svc 9000 machine"}),
    "puma bind": ({"svc/Gemfile": "gem 'rails'\n", "svc/config/puma.rb": 'bind "tcp://0.0.0.0:9000"\n'}, {"svc 9000 machine"}),
    "rails default": ({"svc/Gemfile": "source 'x'\ngem 'rails', '~> 7'\n", "svc/config.ru": 'run Rails.application\n', "svc/bin/rails": "#!/usr/bin/env ruby\nrequire 'rails/commands'\n", "svc/config/application.rb": 'module Svc\n class Application < Rails::Application\n end\nend\n'}, {"svc 3000 machine"}),
    "rails procfile": ({"svc/Gemfile": "gem 'rails'\n", "svc/Procfile.dev": 'web: bin/rails server -p 9000\ncss: bin/rails tailwindcss:watch\n'}, {"svc 9000 machine"}),
    "sinatra set": ({"svc/Gemfile": "gem 'sinatra'\n", "svc/app.rb": "require 'sinatra'\nset :port, 9000\nget('/') { 'x' }\n"}, {"svc 9000 machine"}),
    "sinatra default": ({"svc/Gemfile": "gem 'sinatra'\n", "svc/app.rb": "require 'sinatra'\nset :bind, '0.0.0.0'\nget('/') { 'x' }\n"}, {"svc 4567 machine"}),
    "rackup": ({"svc/Gemfile": "gem 'sinatra'\n", "svc/config.ru": 'run App\n', "svc/Dockerfile": 'FROM ruby\nCMD ["bundle","exec","rackup","--host","0.0.0.0","-p","9000"]\n'}, {"svc 9000 container"}),
    "webrick": ({"svc/Gemfile": "gem 'webrick'\n", "svc/app.rb": 's = WEBrick::HTTPServer.new(:Port => 9000)\n'}, {"svc 9000 machine"}),
    "ruby decoy": ({"svc/Gemfile": "gem 'rails'\n", "svc/config/database.rb": "host 'x'\nport_range = 9000\n"}, set()),
    "phoenix": ({"svc/mix.exs": 'defmodule Svc.MixProject do\nend\n', "svc/config/dev.exs": 'config :svc, SvcWeb.Endpoint,\n  http: [ip: {127, 0, 0, 1}, port: 9000],\n'}, {"svc 9000 machine"}),
}


@pytest.mark.parametrize(("files", "wanted"), [*GO.values(), *RUST.values(), *JAVA.values(), *OTHERS.values()], ids=[*GO, *RUST, *JAVA, *OTHERS])
def test_a_form_is_read_as_its_documentation_shows_it(tmp_path, files, wanted):
    lay(tmp_path, files)
    facts = check(surveyed(tmp_path)).facts["ports"]
    assert {f"{f['service']} {f['port']} {f['scope']}" for f in facts if f["role"] in ("bind", "publish", "target")} == wanted


def test_a_replaced_default_is_told_as_one(tmp_path):
    lay(tmp_path, JAVA["spring compose env"][0])
    facts = check(surveyed(tmp_path)).facts["ports"]
    assert [(f["port"], f["variable"]) for f in facts if f["role"] == "default"] == [(8080, "SERVER_PORT")]
