using HostAgent.Campaigns.Messages;

namespace HostAgent.Campaigns.Tests.Model;

/// <summary>A host's breaker in the naive campaign.</summary>
internal sealed class NaiveBreaker
{
    public BreakerStatus Status { get; set; }

    public DateTimeOffset? Until { get; set; }

    public int Openings { get; set; }

    public NaiveItem? Probe { get; set; }
}
