using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Internal.Snapshots;

/// <summary>What has become of a wave, in the order of the waves.</summary>
internal sealed record WaveFacts(
    WaveStatus Status,
    string? ApprovedBy,
    string? RejectedBy,
    DateTimeOffset? SoakEndTime,
    DateTimeOffset? StartTime,
    DateTimeOffset? EndTime,
    bool GatePassed,
    int RampBound,
    int RampSuccesses)
{
    public static WaveFacts Of(CampaignWave wave) => new(
        wave.Status, wave.ApprovedBy, wave.RejectedBy, wave.SoakEndTime, wave.StartTime, wave.EndTime, wave.GatePassed, wave.RampBound, wave.RampSuccesses);
}
