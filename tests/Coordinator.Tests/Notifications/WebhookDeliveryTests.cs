using HostAgent.Campaigns.Notices;
using HostAgent.Coordinator.Notifications.Delivery;
using HostAgent.Coordinator.Notifications.Outbox;
using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Tests.Support;

namespace HostAgent.Coordinator.Tests.Notifications;

/// <summary>One attempt at a real receiver over https, and what each of its answers means.</summary>
public sealed class WebhookDeliveryTests : IAsyncLifetime
{
    private readonly Pki _pki = new();
    private Receiver _receiver = null!;

    public async ValueTask InitializeAsync() => _receiver = await new Receiver(_pki).StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        _pki.Dispose();
    }

    [Theory]
    [InlineData(200, null, nameof(DeliveryVerdict.Delivered), "", null)]
    [InlineData(204, null, nameof(DeliveryVerdict.Delivered), "", null)]
    [InlineData(301, null, nameof(DeliveryVerdict.Refused), "The receiver answered 301; redirects are not followed.", null)]
    [InlineData(400, null, nameof(DeliveryVerdict.Refused), "The receiver answered 400.", null)]
    [InlineData(408, null, nameof(DeliveryVerdict.MayPass), "The receiver answered 408.", null)]
    [InlineData(410, null, nameof(DeliveryVerdict.Refused), "The receiver answered 410: it is gone.", null)]
    [InlineData(429, "120", nameof(DeliveryVerdict.MayPass), "The receiver answered 429.", 120)]
    [InlineData(503, "7200", nameof(DeliveryVerdict.MayPass), "The receiver answered 503.", 7200)]
    [InlineData(500, null, nameof(DeliveryVerdict.MayPass), "The receiver answered 500.", null)]
    public async Task Answer_decides(int status, string? retryAfter, string verdict, string explanation, int? seconds)
    {
        _receiver.Answer = (_, context) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = retryAfter;
            context.Response.Headers.Location = "https://127.0.0.1:1/";
            return Task.CompletedTask;
        };

        var result = await SendAsync();

        (result.Verdict.ToString(), result.Explanation, (int?)result.RetryAfter?.TotalSeconds).ShouldBe((verdict, explanation, seconds));
        _receiver.Got.ShouldHaveSingleItem().IsSigned.ShouldBeTrue();
    }

    [Fact]
    public async Task Answer_that_never_ends_is_not_read()
    {
        _receiver.Answer = async (_, context) =>
        {
            var endless = new byte[65_536];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(endless);
            }
        };

        (await SendAsync()).Verdict.ShouldBe(DeliveryVerdict.Delivered);
    }

    [Fact]
    public async Task Receiver_that_does_not_answer_in_time_or_hangs_up_may_pass()
    {
        _receiver.Answer = (_, context) => Task.Delay(Timeout.Infinite, context.RequestAborted);
        (await SendAsync(TimeSpan.FromSeconds(1))).ShouldBe(new DeliveryResult(DeliveryVerdict.MayPass, "The receiver did not answer within 1 s."));

        _receiver.Answer = (_, context) =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        (await SendAsync()).Verdict.ShouldBe(DeliveryVerdict.MayPass);

        await _receiver.StopAsync();
        var away = await SendAsync();
        (away.Verdict, away.Explanation.Contains("Connection refused", StringComparison.Ordinal), away.Explanation.Contains("secret-path", StringComparison.Ordinal)).ShouldBe((DeliveryVerdict.MayPass, true, false));
    }

    [Fact]
    public async Task Receiver_of_another_authority_gets_nothing()
    {
        using var other = new Pki();
        var channel = Channel();
        channel.Authority = other.Files(Transport.PeerRole.Agent, "receiver").AuthorityPath;

        (await SendAsync(channel)).Verdict.ShouldBe(DeliveryVerdict.MayPass);
        _receiver.Got.ShouldBeEmpty();
    }

    [Fact]
    public async Task New_key_counts_for_the_next_message_and_one_that_others_can_read_sends_nothing()
    {
        (await SendAsync()).Verdict.ShouldBe(DeliveryVerdict.Delivered);
        await File.WriteAllTextAsync(_receiver.SecretFile, $"whsec_{Convert.ToBase64String(new byte[32])}");
        (await SendAsync()).Verdict.ShouldBe(DeliveryVerdict.Delivered);
        _receiver.Got.Select(one => one.IsSigned).ShouldBe([true, false]);

        await File.WriteAllTextAsync(_receiver.SecretFile, "no key");
        (await SendAsync()).Explanation.ShouldBe("The key of the channel must be a file with whsec_ and the base64 of 24 to 64 random bytes, and nothing else.");
        _receiver.Got.Count.ShouldBe(2);
    }

    private Task<DeliveryResult> SendAsync(TimeSpan? timeout = null)
    {
        var channel = Channel();
        channel.Timeout = timeout ?? TimeSpan.FromSeconds(30);
        return SendAsync(channel);
    }

    private static async Task<DeliveryResult> SendAsync(ChannelOptions channel)
    {
        using var delivery = Deliveries.Of("ops", channel, TimeProvider.System);
        var notice = new Notice(NoticeTopic.MachineHeld, 7, new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero), "vm-1", "vm-1 waits.", "failback vm status vm-1");
        return await delivery.SendAsync(Letter.Of(Digest.Of("home", Guid.NewGuid(), "RUNNING", notice)), default);
    }

    private ChannelOptions Channel() => new() { Kind = ChannelOptions.Webhook, Url = _receiver.Url, SecretFile = _receiver.SecretFile, Authority = _receiver.Authority };
}
