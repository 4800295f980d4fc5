using System.Text;
using CfLogStream.Server.OpenApi;
using CsCheck;

namespace CfLogStream.Server.Tests.OpenApi;

public sealed class OpenApiTemplatesTests
{
    private const string Yaml = """
        openapi: 3.0.3
        info: { title: Pets, version: 1.0 }
        servers:
          - url: https://api.example.com:8443/v1/
        paths:
          /pets:
            get: { responses: { 200: { description: ok } } }
            post:
              responses: { 201: { description: made } }
          /pets/{petId}:
            parameters: [ { name: petId, in: path, required: true, schema: { type: string } } ]
            delete: { responses: {} }
          /files/{name}.json:
            servers: [ { url: 'https://files.example.com' } ]
            get: {}
            put:
              servers: [ { url: /upload } ]
        """;

    private const string Json = """
        { "openapi": "3.1.0", "info": { "title": "t", "version": "1" }, "servers": [ { "url": "https://a.example.com" } ],
          "paths": { "/x": { "get": { "responses": {} } }, "/y": { "$ref": "#/components/pathItems/y" } },
          "components": { "pathItems": { "y": { "put": {} } } } }
        """;

    [Fact]
    public void Read_Yaml_JoinsServersAndPaths()
    {
        OpenApiResult result = Read(Yaml);
        Assert.Empty(result.Errors);
        Assert.Equal(
            [
                new ApiOperation("GET", "api.example.com/v1/pets"),
                new ApiOperation("POST", "api.example.com/v1/pets"),
                new ApiOperation("DELETE", "api.example.com/v1/pets/{petId}"),
                new ApiOperation("GET", "files.example.com/files/{name}.json"),
                new ApiOperation("PUT", "/upload/files/{name}.json"),
            ],
            result.Operations);
        Assert.Equal(4, result.Templates.Count);
    }

    [Theory]
    [InlineData("3.0.0")]
    [InlineData("3.1.1")]
    public void Read_Json_JoinsServersAndPaths(string version)
    {
        OpenApiResult result = Read(
            $$"""
              { "openapi": "{{version}}", "info": { "title": "t", "version": "1" },
                "servers": [ { "url": "https://a.example.com" }, { "url": "/b" } ],
                "paths": { "/x": { "get": { "responses": { "200": { "description": "" } } } }, "/x/{id}": { "patch": {} } },
                "components": { "schemas": { "Broken": { "type": [ 1, { "deep": [[[[[[]]]]]] } ] } } } }
              """);
        Assert.Empty(result.Errors);
        Assert.Equal(["a.example.com/x", "/b/x", "a.example.com/x/{id}", "/b/x/{id}"], result.Templates);
    }

    [Fact]
    public void Read_NoServers_HoldsForEveryHost() => Assert.Equal(["/x"], Read(Document("", "/x")).Templates);

    [Theory]
    [InlineData("url: 'https://{tenant}.example.com/v1', variables: { tenant: { default: acme } }", new[] { "*.example.com/v1/x" })]
    [InlineData("url: 'https://api-{env}.eu.example.com', variables: { env: { default: prod } }", new[] { "*.eu.example.com/x" })]
    [InlineData("url: 'https://{host}/v1', variables: { host: { default: api.example.com } }", new[] { "/v1/x" })]
    [InlineData("url: 'https://api.{domain}', variables: { domain: { default: example.com } }", new[] { "/x" })]
    [InlineData(
        "url: 'https://{env}.example.com/{base}', variables: { env: { default: a, enum: [a, b] }, base: { default: v1, enum: [v1, v2] } }",
        new[] { "a.example.com/v1/x", "a.example.com/v2/x", "b.example.com/v1/x", "b.example.com/v2/x" })]
    [InlineData("url: '/{base}', variables: { base: { default: api/v3 } }", new[] { "/api/v3/x" })]
    [InlineData("url: 'https://api.example.com:{port}/', variables: { port: { default: 443 } }", new[] { "api.example.com/x" })]
    [InlineData("url: './v2'", new[] { "/v2/x" })]
    [InlineData("url: 'v2/'", new[] { "/v2/x" })]
    [InlineData("url: '//cdn.example.com/a'", new[] { "cdn.example.com/a/x" })]
    [InlineData("url: 'wss://user@ws.example.com/a?b=c'", new[] { "ws.example.com/a/x" })]
    public void Read_ServerForms_GiveTheirHosts(string server, string[] expected)
    {
        OpenApiResult result = Read(Document($"servers: [ {{ {server} }} ]", "/x"));
        Assert.Empty(result.Errors);
        Assert.Equal(expected, result.Templates);
    }

    [Fact]
    public void Read_BadServersAndPaths_AreNamedWithTheirPlace()
    {
        OpenApiResult result = Read(
            """
            openapi: 3.1.0
            info: { title: t, version: '1' }
            servers:
              - url: ../up
              - url: https://ok.example.com
              - url: "https://bad host/x"
            paths:
              /good:
                get: {}
              /a/{b:
                get: {}
              /gone:
                $ref: other.yaml#/x
            """);
        Assert.Equal(["ok.example.com/good"], result.Templates);
        Assert.Equal(
            [
                "A path of the API description pets.yaml(12,3) cannot be used: it refers to a path item that is not in this file.",
                "A server of the API description pets.yaml(4,5) cannot be used: its URL is relative to where the file was published, which is not known here.",
                "A path of the API description pets.yaml(8,3) cannot be used: a host holds letters, digits, hyphens and dots, and may start with '*.'.",
                "A path of the API description pets.yaml(10,3) cannot be used: '{b' has a '{' without a '}' after it.",
            ],
            result.Errors);
    }

    [Fact]
    public void Read_PathItemReference_IsResolvedInTheFile()
    {
        OpenApiResult result = Read(
            """
            openapi: 3.1.0
            info: { title: t, version: '1' }
            paths:
              /a/{id}: { $ref: '#/components/pathItems/item' }
            components:
              pathItems:
                item:
                  get: {}
                  put: {}
            """);
        Assert.Empty(result.Errors);
        Assert.Equal([new ApiOperation("GET", "/a/{id}"), new ApiOperation("PUT", "/a/{id}")], result.Operations);
    }

    [Fact]
    public void Read_ReferencesInCircles_AreNamed()
    {
        OpenApiResult result = Read(
            """
            openapi: 3.1.0
            info: { title: t, version: '1' }
            paths:
              /a: { $ref: '#/paths/~1b' }
              /b: { $ref: '#/paths/~1a' }
              /c: { $ref: 'http://[' }
              /d: { get: {} }
              /e: { $ref: '#/paths/~1d' }
            """);
        Assert.Equal(["/d", "/e"], result.Templates);
        Assert.Equal(3, result.Errors.Count);
    }

    [Fact]
    public void Read_AnchorsAndMerges_AreResolved()
    {
        OpenApiResult result = Read(
            """
            openapi: 3.0.0
            info: { title: t, version: '1' }
            x-shared:
              item: &item
                get: {}
              base: &base [ { url: 'https://m.example.com' } ]
            servers: *base
            paths:
              /a: *item
              /b:
                <<: *item
                put: {}
              &p /c: { get: {} }
            """);
        Assert.Empty(result.Errors);
        Assert.Equal(["GET /a", "PUT /b", "GET /b", "GET /c"], result.Operations.Select(o => $"{o.Method} {o.Template[13..]}"));
    }

    [Fact]
    public void Read_Swagger2_IsReadAsWell()
    {
        OpenApiResult result = Read(
            """
            swagger: '2.0'
            info: { title: t, version: '1' }
            host: old.example.com
            basePath: /v2
            schemes: [https]
            paths:
              /pets/{id}:
                get: { responses: {} }
            """);
        Assert.Empty(result.Errors);
        Assert.Equal(["old.example.com/v2/pets/{id}"], result.Templates);
    }

    [Fact]
    public void Read_PathsWithQueryOrFragment_AreCut() =>
        Assert.Equal(["/q", "/"], Read(Document("", "/q?a=1", "/q?a=2", "/#X-Amz-Target=Do")).Templates);

    [Theory]
    [InlineData("openapi: 3.0.0\npaths:\n  /a: [", "Cannot read the API description pets.yaml(4,1): ")]
    [InlineData("openapi: *nothing", "Cannot read the API description pets.yaml(1,10): the alias '*nothing' has no anchor before it.")]
    [InlineData("{\n  \"openapi\": \"3.0.0\",\n  \"paths\": { x }\n}", "Cannot read the API description pets.yaml(3,14): ")]
    [InlineData("{}", "Cannot read the API description pets.yaml(1,1): it has no 'openapi' version at its top.")]
    [InlineData("", "Cannot read the API description pets.yaml(1,1): it has no 'openapi' version at its top.")]
    [InlineData("just text", "Cannot read the API description pets.yaml(1,1): it has no 'openapi' version at its top.")]
    [InlineData("openapi: 3.0.0\n\tpaths: {}", "Cannot read the API description pets.yaml(1,10): ")]
    [InlineData("openapi: 9.9.9\npaths: {}", "Cannot read the API description pets.yaml(1,1): OpenAPI specification version '9.9.9' is not supported.")]
    public void Read_Unreadable_SaysWhere(string content, string expected)
    {
        OpenApiResult result = Read(content);
        Assert.Empty(result.Operations);
        Assert.StartsWith(expected, Assert.Single(result.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_InvalidUtf8_SaysSo()
    {
        OpenApiResult result = OpenApiTemplates.Read("pets.yaml", [.. "openapi: "u8, 0xff, 0xfe], new OpenApiLimits());
        Assert.Equal("Cannot read the API description pets.yaml(1,1): it is not UTF-8.", Assert.Single(result.Errors));
    }

    [Fact]
    public void Read_DamagedDocuments_NeverThrow()
    {
        string[] documents = [Yaml, Document("servers: [ { url: 'https://{t}.example.com', variables: { t: { default: a, enum: [a] } } } ]", "/x/{id}"), Json];
        string[] pieces = ["[", "]", "{", "}", "null", "\"", "'", "- ", ": ", "1", "*a", "&a ", "\n", "  ", "#", "$ref: x\n", "<<: ", "!!int ", "|", "?", ",", "\u00e9"];
        Gen.Select(Gen.Int[0, 2], Gen.Select(Gen.Int[0, 1000], Gen.Int[0, 8], Gen.Int[0, pieces.Length - 1]).Array[1, 4]).Sample(
            (document, edits) =>
            {
                string text = documents[document];
                foreach ((int place, int cut, int piece) in edits)
                {
                    int at = place % text.Length;
                    text = text[..at] + pieces[piece] + text[Math.Min(text.Length, at + cut)..];
                }

                OpenApiResult result = Read(text);
                Assert.All(result.Errors, error => Assert.Contains("pets.yaml", error, StringComparison.Ordinal));
            },
            iter: 3_000);
    }

    [Fact]
    public void Read_AliasBomb_IsRefusedQuickly()
    {
        var bomb = new StringBuilder("openapi: 3.0.0\nx-a: &a0 [lol]\n");
        for (int i = 1; i < 40; i++)
        {
            bomb.Append(System.Globalization.CultureInfo.InvariantCulture, $"x-{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}]\n");
        }

        OpenApiResult result = Read(bomb.ToString());
        Assert.Contains("it has more than 1000000 nodes that concern paths and servers, aliases included", Assert.Single(result.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openapi: 3.0.0\nx: {0}\n", '[', ']')]
    [InlineData("{{\"openapi\":\"3.0.0\",\"x\":{0}}}", '[', ']')]
    public void Read_DeepNesting_IsRefused(string form, char open, char close)
    {
        string content = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, new string(open, 5000) + new string(close, 5000));
        OpenApiResult result = Read(content);
        Assert.Empty(result.Operations);
        Assert.Single(result.Errors);
    }

    [Fact]
    public void Read_TooLargeOrTooMany_IsRefused()
    {
        OpenApiResult large = OpenApiTemplates.Read("pets.yaml", new byte[11], new OpenApiLimits { MaxBytes = 10 });
        Assert.Equal("Cannot read the API description 'pets.yaml': it has 11 bytes; at most 10 are read.", Assert.Single(large.Errors));
        OpenApiResult many = OpenApiTemplates.Read(
            "pets.yaml", Encoding.UTF8.GetBytes(Document("", "/a", "/b", "/c")), new OpenApiLimits { MaxTemplates = 2 });
        Assert.Equal(["/a", "/b"], many.Templates);
        Assert.Equal(
            "A path of the API description pets.yaml(5,3) cannot be used: it gives more than 2 templates; this path and those after it are left out.",
            Assert.Single(many.Errors));
    }

    [Fact]
    public void ReadFile_MissingFile_SaysSo()
    {
        OpenApiResult result = OpenApiTemplates.ReadFile(Path.Combine(AppContext.BaseDirectory, "none.yaml"), new OpenApiLimits());
        Assert.StartsWith("Cannot read the API description '", Assert.Single(result.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void OpenApiLimits_Defaults_AreThese()
    {
        var limits = new OpenApiLimits();
        Assert.Equal((33_554_432, 128, 1_000_000, 50_000), (limits.MaxBytes, limits.MaxDepth, limits.MaxNodes, limits.MaxTemplates));
    }

    private static string Document(string servers, params string[] paths) =>
        $"openapi: 3.0.0\n{servers}\npaths:\n{string.Join('\n', paths.Select(path => $"  '{path}': {{ get: {{}} }}"))}\n"
            .Replace("\n\n", "\n", StringComparison.Ordinal) + "info: { title: t, version: '1' }\n";

    private static OpenApiResult Read(string content) => OpenApiTemplates.Read("pets.yaml", Encoding.UTF8.GetBytes(content), new OpenApiLimits());
}
