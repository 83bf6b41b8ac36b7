using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.Tests.Model;

/// <summary>A wave of the naive campaign.</summary>
internal sealed class NaiveWave(WaveSpec spec)
{
    public WaveSpec Spec { get; } = spec;

    public WaveStatus Status { get; set; }

    public bool IsApproved { get; set; }

    public bool IsRejected { get; set; }

    public bool IsPassed { get; set; }

    public DateTimeOffset? SoaksUntil { get; set; }

    public int Bound { get; set; } = spec.Ramp?.Start ?? int.MaxValue;

    public int Successes { get; set; }
}
