using System.Security.Cryptography.X509Certificates;
using HostAgent.Coordinator.Notifications.Outbox;
using HostAgent.Coordinator.Options;

namespace HostAgent.Coordinator.Notifications.Delivery;

/// <summary>What is delivered.</summary>
/// <param name="Id">Its id: the same for each attempt.</param>
/// <param name="Kind">The word of its topic, <c>digest</c> or <c>test</c>.</param>
/// <param name="Subject">One line.</param>
/// <param name="Text">What a person reads.</param>
/// <param name="Time">When the newest of what it tells was decided.</param>
/// <param name="Digest">What it tells; null for a test.</param>
internal sealed record Letter(string Id, string Kind, string Subject, string Text, DateTimeOffset Time, Digest? Digest)
{
    /// <summary>The letter of a message.</summary>
    public static Letter Of(Digest digest) => new(digest.Id, digest.Kind, digest.Subject, digest.ToText(), digest.Time, digest);

    /// <summary>A letter that proves a channel.</summary>
    public static Letter Test(string channel, string actor, DateTimeOffset now)
        => new($"test-{Guid.NewGuid():N}", "test", $"Test of channel {channel}", $"{Texts.VisibleText.Line(actor)} tested the channel {channel} of a failback coordinator. Nothing has happened.\n", now, null);
}

/// <summary>What came of an attempt.</summary>
internal enum DeliveryVerdict
{
    /// <summary>The receiver has taken it.</summary>
    Delivered,

    /// <summary>It was not taken, and may be later.</summary>
    MayPass,

    /// <summary>It was refused for good.</summary>
    Refused,
}

/// <summary>What came of an attempt.</summary>
/// <param name="Verdict">Whether it was taken.</param>
/// <param name="Explanation">Why not, one sentence that has nothing of what the receiver wrote but its status; empty when it was.</param>
/// <param name="RetryAfter">How long the receiver asks to be left alone; null for no such wish.</param>
internal sealed record DeliveryResult(DeliveryVerdict Verdict, string Explanation = "", TimeSpan? RetryAfter = null)
{
    public static DeliveryResult Delivered { get; } = new(DeliveryVerdict.Delivered);
}

/// <summary>One channel's way to its receiver.</summary>
internal interface IDelivery : IDisposable
{
    /// <summary>Makes one attempt. What goes wrong on the way is an answer, not an exception.</summary>
    /// <param name="letter">What.</param>
    /// <param name="cancellationToken">Gives up; throws then.</param>
    Task<DeliveryResult> SendAsync(Letter letter, CancellationToken cancellationToken);
}

/// <summary>Makes the deliveries of the settings.</summary>
internal static class Deliveries
{
    /// <summary>The delivery of a channel.</summary>
    public static IDelivery Of(string name, ChannelOptions channel, TimeProvider time)
        => channel.Kind == ChannelOptions.Webhook ? new WebhookDelivery(name, channel, time) : new EmailDelivery(channel, time);

    /// <summary>How the certificates of receivers are judged; null for as the operating system does.</summary>
    public static X509ChainPolicy? TrustOf(ChannelOptions channel)
    {
        if (channel.Authority is null)
        {
            return null;
        }

        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(channel.Authority);
        return policy;
    }

    /// <summary>The reason of a failure in one line.</summary>
    public static string Explain(Exception exception)
    {
        var cause = exception.GetBaseException();
        var text = Texts.VisibleText.Line(cause == exception ? exception.Message : $"{exception.Message.TrimEnd('.')}: {cause.Message}").TrimEnd('.');
        return (text.Length <= 300 ? text : text[..299] + "…") + ".";
    }
}
