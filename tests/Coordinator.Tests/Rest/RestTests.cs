using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Tests.Rest;

/// <summary>REST over real sockets, as any HTTP client with a certificate speaks it.</summary>
public sealed class RestTests : CoordinatorTest
{
    private const string ErrorInfo = "type.googleapis.com/google.rpc.ErrorInfo";

    private HttpClient Operator => Client(PeerRole.Operator, "maria");

    private HttpClient Viewer => Client(PeerRole.Viewer, "wall");

    public override async ValueTask InitializeAsync()
    {
        await AddAgentAsync("hv-west-01", "sql-01", "web-01");
        await AddAgentAsync("hv-west-02", "sql-02");
        await StartCoordinatorAsync();
        await UntilHostAsync("hv-west-01", Contracts.Campaigns.V1.Reachability.Reachable);
        await UntilHostAsync("hv-west-02", Contracts.Campaigns.V1.Reachability.Reachable);
    }

    [Fact]
    public async Task Campaign_is_created_started_and_watched_to_its_end_by_lines_of_JSON()
    {
        using var client = Operator;
        var created = await OkAsync(await client.PostAsJsonAsync("v1/campaigns", new { campaign_id = "home", document = new { text = Yaml.Campaign(), source = "campaign.yaml" } }));
        created.GetProperty("name").GetString().ShouldBe("campaigns/home");
        created.GetProperty("state").GetString().ShouldBe("CAMPAIGN_STATE_READY");

        await OkAsync(await client.PostAsync("v1/campaigns/home:start", content: null));
        var lines = await LinesAsync(await client.GetAsync("v1/campaigns/home:watch", HttpCompletionOption.ResponseHeadersRead));

        lines[0].GetProperty("campaign").GetProperty("name").GetString().ShouldBe("campaigns/home");
        lines.Last(line => line.GetProperty("campaign").ValueKind == JsonValueKind.Object).GetProperty("campaign").GetProperty("state").GetString().ShouldBe("CAMPAIGN_STATE_COMPLETED");
        lines[^1].GetProperty("version").ValueKind.ShouldBe(JsonValueKind.String);
        var items = await OkAsync(await client.GetAsync("v1/campaigns/home/items?page_size=2&states=ITEM_STATE_SUCCEEDED&states=ITEM_STATE_FAILED"));
        items.GetProperty("items").GetArrayLength().ShouldBe(2);
        var item = items.GetProperty("items")[0].GetProperty("name").GetString()!;
        (await OkAsync(await client.GetAsync($"v1/{item}"))).GetProperty("name").GetString().ShouldBe(item);
    }

    [Fact]
    public async Task Commands_are_audited_under_the_name_in_the_certificate_and_the_audit_streams()
    {
        await Coordinator.CreateAsync(Yaml.Campaign(), "home");
        using var client = Operator;

        var refused = await ErrorAsync(await client.PostAsJsonAsync("v1/campaigns/home:pause", new { reason = "too early" }), HttpStatusCode.BadRequest);

        Info(refused).ShouldBe(("CAMPAIGN_STATE", "campaigns.hyperv"));
        refused.GetProperty("code").GetInt32().ShouldBe(9);
        var audit = await LinesAsync(await client.GetAsync("v1/campaigns/home:exportAudit"));
        audit.Select(record => record.GetProperty("action").GetString()).ShouldBe(["CreateCampaign", "PauseCampaign"]);
        audit[1].GetProperty("actor").GetString()!.ShouldStartWith("failback://operator/maria#serial=");
        audit[1].GetProperty("source").GetString()!.ShouldContain("127.0.0.1");
        audit[1].GetProperty("details").GetString()!.ShouldContain("too early");
    }

    [Fact]
    public async Task Viewer_reads_and_changes_nothing()
    {
        await Coordinator.CreateAsync(Yaml.Campaign(), "home");
        using var client = Viewer;

        var list = await OkAsync(await client.GetAsync("v1/campaigns?labels.ticket=DR-1042"));
        var error = await ErrorAsync(await client.PostAsync("v1/campaigns/home:start", content: null), HttpStatusCode.Forbidden);

        list.GetProperty("campaigns").GetArrayLength().ShouldBe(1);
        Info(error).Reason.ShouldBe("ROLE_NOT_ALLOWED");
        error.GetProperty("details")[0].GetProperty("metadata").GetProperty("method").GetString().ShouldBe("/hyperv.campaigns.v1.Campaigns/StartCampaign");
        (await Coordinator.AuditAsync("campaigns/home")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Agent_is_refused_everything_before_its_request_is_read()
    {
        using var client = Client(PeerRole.Agent, "hv-west-01");

        foreach (var path in (string[])["v1/campaigns", "v1/server", "v1/hosts", "openapi/v1.json"])
        {
            Info(await ErrorAsync(await client.GetAsync(path), HttpStatusCode.Forbidden)).Reason.ShouldBe("ROLE_NOT_ALLOWED", path);
        }

        Info(await ErrorAsync(await client.PostAsync("v1/campaigns", Json("not JSON")), HttpStatusCode.Forbidden)).Reason.ShouldBe("ROLE_NOT_ALLOWED");
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    public async Task What_a_page_makes_a_browser_send_is_refused_though_it_has_the_persons_certificate(string origin)
    {
        await Coordinator.CreateAsync(Yaml.Campaign(), "home");
        using var client = Operator;
        client.DefaultRequestHeaders.Add("Origin", origin);

        Info(await ErrorAsync(await client.PostAsync("v1/campaigns/home:start", content: null), HttpStatusCode.Forbidden)).Reason.ShouldBe("CROSS_ORIGIN");

        (await Coordinator.Campaigns.GetCampaignAsync(new Contracts.Campaigns.V1.GetCampaignRequest { Name = "campaigns/home" })).State.ShouldBe(Contracts.Campaigns.V1.CampaignState.Ready);
    }

    [Fact]
    public async Task Unknown_campaign_is_404_and_a_malformed_name_400_with_the_field()
    {
        using var client = Viewer;

        Info(await ErrorAsync(await client.GetAsync("v1/campaigns/none"), HttpStatusCode.NotFound)).ShouldBe(("CAMPAIGN_NOT_FOUND", "campaigns.hyperv"));
        var malformed = await ErrorAsync(await client.GetAsync("v1/campaigns/UPPER"), HttpStatusCode.BadRequest);

        Info(malformed).Reason.ShouldBe("INVALID_REQUEST");
        var violations = malformed.GetProperty("details").EnumerateArray().Single(detail => detail.GetProperty("@type").GetString()!.EndsWith("BadRequest", StringComparison.Ordinal));
        violations.GetProperty("field_violations")[0].GetProperty("field").GetString().ShouldBe("name");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"documnet": {}}""")]
    [InlineData("""{"accept_warnings": "perhaps"}""")]
    [InlineData("""{"campaign_id": 7}""")]
    [InlineData("\"\\ud800\"")]
    public async Task Malformed_body_is_400(string body)
    {
        using var client = Operator;

        Info(await ErrorAsync(await client.PostAsync("v1/campaigns", Json(body)), HttpStatusCode.BadRequest)).Reason.ShouldBe("MALFORMED_REQUEST");
    }

    [Fact]
    public async Task Deep_JSON_and_bytes_that_are_no_text_are_400()
    {
        using var client = Operator;
        var deep = string.Concat(Enumerable.Repeat("{\"document\":", 100_000));

        Info(await ErrorAsync(await client.PostAsync("v1/campaigns", Json(deep)), HttpStatusCode.BadRequest)).Reason.ShouldBe("MALFORMED_REQUEST");
        using var bytes = new ByteArrayContent([0x7B, 0xFF, 0xFE, 0x7D]) { Headers = { ContentType = new("application/json") } };
        Info(await ErrorAsync(await client.PostAsync("v1/campaigns", bytes), HttpStatusCode.BadRequest)).Reason.ShouldBe("MALFORMED_REQUEST");
    }

    [Theory]
    [InlineData("v1/campaigns?page_sise=1")]
    [InlineData("v1/campaigns?page_size=many")]
    [InlineData("v1/campaigns?page_size=1&page_size=2")]
    [InlineData("v1/campaigns?states=RUNNING")]
    [InlineData("v1/campaigns?labels=x")]
    [InlineData("v1/campaigns?page_size.x=1")]
    [InlineData("v1/campaigns?earliest_create_time=yesterday")]
    [InlineData("v1/drills?live_only=yes")]
    [InlineData("v1/campaigns/none?name=campaigns/other")]
    public async Task Malformed_query_is_400(string path)
    {
        using var client = Viewer;

        Info(await ErrorAsync(await client.GetAsync(path), HttpStatusCode.BadRequest)).Reason.ShouldBe("MALFORMED_REQUEST");
    }

    [Fact]
    public async Task Form_of_a_web_page_is_no_request()
    {
        await Coordinator.CreateAsync(Yaml.Campaign(), "home");
        using var client = Operator;

        Info(await ErrorAsync(await client.PostAsync("v1/campaigns/home:start", new StringContent("{}", Encoding.UTF8, "text/plain")), HttpStatusCode.BadRequest)).Reason.ShouldBe("MALFORMED_REQUEST");
        Info(await ErrorAsync(await client.PostAsync("v1/campaigns/home:start?validate_only=true", Json("{}")), HttpStatusCode.BadRequest)).Reason.ShouldBe("MALFORMED_REQUEST");
        Info(await ErrorAsync(await client.PostAsync("v1/campaigns/home:start", Json("""{"name": "campaigns/other"}""")), HttpStatusCode.BadRequest)).Reason.ShouldBe("MALFORMED_REQUEST");
        (await Coordinator.AuditAsync("campaigns/home")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Body_larger_than_a_message_is_413_whether_or_not_its_length_is_told()
    {
        using var client = Operator;
        var text = "{\"document\": {\"text\": \"" + new string('a', EdgeLimits.MaxMessageBytes) + "\"}}";

        Info(await ErrorAsync(await client.PostAsync("v1/campaigns", Json(text)), HttpStatusCode.RequestEntityTooLarge)).Reason.ShouldBe("MESSAGE_TOO_LARGE");
        using var untold = new HttpRequestMessage(HttpMethod.Post, "v1/campaigns") { Content = new Untold(text), Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        Info(await ErrorAsync(await client.SendAsync(untold), HttpStatusCode.RequestEntityTooLarge)).Reason.ShouldBe("MESSAGE_TOO_LARGE");
    }

    [Fact]
    public async Task Try_only_says_what_would_happen_and_does_nothing()
    {
        await Coordinator.CreateAsync(Yaml.Campaign(), "home");
        using var client = Operator;

        var shown = await OkAsync(await client.PostAsJsonAsync("v1/campaigns/home:start", new { validate_only = true }));

        shown.GetProperty("state").GetString().ShouldBe("CAMPAIGN_STATE_RUNNING");
        (await OkAsync(await client.GetAsync("v1/campaigns/home"))).GetProperty("state").GetString().ShouldBe("CAMPAIGN_STATE_READY");
    }

    [Fact]
    public async Task Deadline_ends_a_stream_with_a_line_that_says_so()
    {
        await Coordinator.CreateAsync(Yaml.Campaign(), "home");
        using var client = Viewer;
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/campaigns/home:watch") { Version = HttpVersion.Version20, Headers = { { "grpc-timeout", "1S" } } };

        var lines = await LinesAsync(await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));

        lines.Count.ShouldBeGreaterThan(1);
        Info(lines[^1].GetProperty("error")).Reason.ShouldBe("DEADLINE_EXCEEDED");
    }

    [Fact]
    public async Task Caller_that_leaves_its_stream_ends_its_call()
    {
        await Coordinator.StopAsync();
        Coordinator.Arguments = ["--Coordinator:MaxCallsPerPeer", "1"];
        await Coordinator.StartAsync();
        await Coordinator.CreateAsync(Yaml.Campaign(), "home");
        using var client = Viewer;
        var watch = await client.GetAsync("v1/campaigns/home:watch", HttpCompletionOption.ResponseHeadersRead);
        (await client.GetAsync("v1/server")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);

        watch.Dispose();

        await UntilAsync(async () => (await client.GetAsync("v1/server")).StatusCode == HttpStatusCode.OK, "the one call that the viewer may have");
    }

    [Fact]
    public async Task Viewer_reads_the_description()
    {
        using var client = Viewer;

        var description = await OkAsync(await client.GetAsync("openapi/v1.json"));

        description.GetProperty("openapi").GetString()!.ShouldStartWith("3.");
        description.GetProperty("paths").GetProperty("/v1/campaigns/{campaign}:start").GetProperty("post").GetProperty("operationId").GetString().ShouldBe("Campaigns_StartCampaign");
    }

    [Fact]
    public async Task Unknown_path_and_unknown_verb_are_404()
    {
        using var client = Operator;

        foreach (var path in (string[])["v1/none", "v1/campaigns/home:none", "v1/campaigns/", "v1/campaigns/a/b/c/d"])
        {
            Info(await ErrorAsync(await client.GetAsync(path), HttpStatusCode.NotFound)).Reason.ShouldBe("METHOD_UNKNOWN", path);
        }

        Info(await ErrorAsync(await client.GetAsync("v1/campaigns/home:start"), HttpStatusCode.NotFound)).Reason.ShouldBe("METHOD_UNKNOWN");
    }

    [Fact]
    public async Task Nobody_speaks_without_a_certificate()
    {
        using var client = new HttpClient(Trusting(certificate: null)) { BaseAddress = Coordinator.Address, DefaultRequestVersion = HttpVersion.Version20 };

        await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync("v1/server"));
    }

    [Fact]
    public async Task Calls_beyond_a_peers_quota_are_429()
    {
        await Coordinator.StopAsync();
        Coordinator.Arguments = ["--Coordinator:MaxCallsPerPeer", "1"];
        await Coordinator.StartAsync();
        await Coordinator.CreateAsync(Yaml.Campaign(), "home");
        using var client = Viewer;
        using var watch = await client.GetAsync("v1/campaigns/home:watch", HttpCompletionOption.ResponseHeadersRead);

        using var response = await client.GetAsync("v1/server");

        response.Headers.RetryAfter.ShouldNotBeNull();
        Info(await ErrorAsync(response, HttpStatusCode.TooManyRequests)).Reason.ShouldBe("TOO_MANY_CALLS");
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static async Task<JsonElement> OkAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        return JsonElement.Parse(text);
    }

    private static async Task<JsonElement> ErrorAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(status, text);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        return JsonElement.Parse(text);
    }

    private static async Task<List<JsonElement>> LinesAsync(HttpResponseMessage response)
    {
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-ndjson");
        using var deadline = new CancellationTokenSource(Limits.Patience);
        var text = await response.Content.ReadAsStringAsync(deadline.Token);
        text.ShouldEndWith("\n");
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }

    private static (string? Reason, string? Domain) Info(JsonElement error)
    {
        var info = error.GetProperty("details").EnumerateArray().Single(detail => detail.GetProperty("@type").GetString() == ErrorInfo);
        return (info.GetProperty("reason").GetString(), info.GetProperty("domain").GetString());
    }

    private HttpClient Client(PeerRole role, string name)
    {
        var files = Pki.Files(role, name);
        using var pem = X509Certificate2.CreateFromPemFile(files.CertificatePath!, files.PrivateKeyPath!);
        return new HttpClient(Trusting(X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pfx), password: null)))
        {
            BaseAddress = Coordinator.Address,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    private SocketsHttpHandler Trusting(X509Certificate2? certificate)
    {
        var authority = X509CertificateLoader.LoadCertificateFromFile(Pki.Files(PeerRole.Viewer, "nobody").AuthorityPath!);
        return new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                EnabledSslProtocols = SslProtocols.Tls13,
                CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, CustomTrustStore = { authority } },
                ClientCertificates = certificate is null ? [] : [certificate],
            },
        };
    }

    /// <summary>A body that does not tell its length.</summary>
    private sealed class Untold(string text) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
