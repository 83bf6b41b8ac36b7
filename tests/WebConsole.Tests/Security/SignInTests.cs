using System.Net;
using System.Net.WebSockets;
using Grpc.Core;
using Grpc.Net.Client;
using HostAgent.Transport;
using HostAgent.WebConsole.Tests.Support;

namespace HostAgent.WebConsole.Tests.Security;

/// <summary>Who reaches the console, over real connections.</summary>
public sealed class SignInTests : IAsyncLifetime
{
    private ConsoleStage _stage = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _stage = await ConsoleStage.StartAsync();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Theory]
    [InlineData(PeerRole.Operator)]
    [InlineData(PeerRole.Viewer)]
    public async Task People_get_the_page_and_everything_that_it_loads(PeerRole role)
    {
        var browser = _stage.Browser(_stage.Pki.Certificate(role, "maria"));
        var page = await browser.GetStringAsync("/", Cancelled);
        foreach (var file in (string[])["console.css", "console.js", "theme.js", "favicon.svg", "_framework/blazor.web.js"])
        {
            page.ShouldContain($"\"{file}\"");
            (await browser.GetByteArrayAsync($"/{file}", Cancelled)).ShouldNotBeEmpty();
        }
    }

    [Fact]
    public async Task Page_loads_nothing_from_elsewhere_and_no_page_embeds_it()
    {
        var answer = await _stage.Browser(_stage.Pki.Certificate(PeerRole.Viewer, "vic")).GetAsync("/", Cancelled);
        var policy = answer.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain("script-src 'self'");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldNotContain("unsafe");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        var page = await answer.Content.ReadAsStringAsync(Cancelled);
        page.ShouldNotContain("style=");
        page.ShouldNotContain("http://");
        page.ShouldNotContain("https://");
    }

    [Theory]
    [InlineData(PeerRole.Agent)]
    [InlineData(PeerRole.Coordinator)]
    public async Task Machines_are_refused(PeerRole role)
    {
        var answer = await _stage.Browser(_stage.Pki.Certificate(role, "hv-west-01")).GetAsync("/", Cancelled);
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await answer.Content.ReadAsStringAsync(Cancelled)).ShouldContain("allowed are operator, viewer");
    }

    [Fact]
    public async Task Without_a_certificate_there_is_no_connection()
        => await Should.ThrowAsync<HttpRequestException>(() => _stage.Browser(null).GetAsync("/", Cancelled));

    [Fact]
    public async Task Certificate_of_another_authority_is_none()
    {
        using var others = new Pki();
        await Should.ThrowAsync<HttpRequestException>(() => _stage.Browser(others.Certificate(PeerRole.Operator, "maria")).GetAsync("/", Cancelled));
    }

    [Fact]
    public async Task Denied_person_is_refused_and_the_open_connection_ends()
    {
        var certificate = _stage.Pki.Certificate(PeerRole.Operator, "eve");
        using var socket = await _stage.ConnectAsync(certificate);
        await File.WriteAllTextAsync(_stage.Pki.Denied, "uri:failback://operator/eve\n", Cancelled);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        deadline.CancelAfter(ConsoleStage.Patience);
        await Should.ThrowAsync<WebSocketException>(async () =>
        {
            // The framework's own pings are read until the connection ends.
            while (true)
            {
                await socket.ReceiveAsync(new byte[1024], deadline.Token);
            }
        });
        await Should.ThrowAsync<HttpRequestException>(() => _stage.Browser(certificate).GetAsync("/", Cancelled));
    }

    [Fact]
    public async Task Page_of_another_site_opens_no_connection()
    {
        var certificate = _stage.Pki.Certificate(PeerRole.Operator, "maria");
        foreach (var origin in (string?[])["https://evil.example", $"https://127.0.0.1:{_stage.Console.Port + 1}", $"http://{_stage.Console.Authority}", "null", null])
        {
            (await Should.ThrowAsync<WebSocketException>(() => _stage.ConnectAsync(certificate, origin))).Message.ShouldContain("403");
        }

        using var own = await _stage.ConnectAsync(certificate);
        own.State.ShouldBe(WebSocketState.Open);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData(null)]
    public async Task Page_of_another_site_posts_nothing(string? origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        (await _stage.Browser(_stage.Pki.Certificate(PeerRole.Operator, "maria")).SendAsync(request, Cancelled)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Pages_are_kept_by_a_connection_that_can_be_closed_and_by_nothing_else()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/_blazor?id=1");
        request.Headers.Add("Origin", _stage.Console.GetLeftPart(UriPartial.Authority));
        (await _stage.Browser(_stage.Pki.Certificate(PeerRole.Operator, "maria")).SendAsync(request, Cancelled)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Services_are_not_on_the_console_and_the_console_is_not_on_the_services_port()
    {
        var browser = _stage.Browser(_stage.Pki.Certificate(PeerRole.Operator, "maria"));
        using var handler = new SameCertificate(browser, _stage.Console);
        using var channel = GrpcChannel.ForAddress(_stage.Console, new GrpcChannelOptions { HttpHandler = handler });
        var refused = await Should.ThrowAsync<RpcException>(() => new Contracts.Campaigns.V1.Campaigns.CampaignsClient(channel).GetServerInfoAsync(new GetServerInfoRequest(), cancellationToken: Cancelled).ResponseAsync);
        refused.StatusCode.ShouldBe(StatusCode.PermissionDenied);

        using var page = new HttpRequestMessage(HttpMethod.Get, new Uri(_stage.Coordinator, "/")) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        (await browser.SendAsync(page, Cancelled)).IsSuccessStatusCode.ShouldBeFalse();
        using var script = new HttpRequestMessage(HttpMethod.Get, new Uri(_stage.Coordinator, "/console.js")) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        (await browser.SendAsync(script, Cancelled)).IsSuccessStatusCode.ShouldBeFalse();
    }

    private sealed class SameCertificate(HttpClient browser, Uri console) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new Uri(console, request.RequestUri!.PathAndQuery);
            return browser.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
    }
}
