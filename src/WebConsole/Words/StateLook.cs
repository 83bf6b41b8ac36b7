using HostAgent.Contracts.Failback.V1;

namespace HostAgent.WebConsole.Words;

/// <summary>How a state looks beside its word: the colour never says what the word does not.</summary>
internal static class StateLook
{
    public static string Of(CampaignState state) => state switch
    {
        CampaignState.Running or CampaignState.Stopping => "live",
        CampaignState.Paused or CampaignState.Scheduled => "warn",
        CampaignState.Blocked or CampaignState.CompletedWithFailures => "bad",
        CampaignState.Completed => "good",
        _ => "",
    };

    public static string Of(ItemState state) => state switch
    {
        ItemState.Starting or ItemState.Running => "live",
        ItemState.Succeeded => "good",
        ItemState.Failed or ItemState.UnknownOutcome or ItemState.Cancelled or ItemState.NotReady => "bad",
        ItemState.Held or ItemState.SucceededWithWarnings or ItemState.Skipped => "warn",
        _ => "",
    };

    public static string Of(WaveState state) => state switch
    {
        WaveState.Running => "live",
        WaveState.AtGate => "warn",
        WaveState.Done => "good",
        _ => "",
    };

    public static string Of(Reachability state) => state switch
    {
        Reachability.Reachable => "good",
        Reachability.Unreachable => "bad",
        _ => "",
    };

    public static string Of(DrillState state) => state switch
    {
        DrillState.Testing or DrillState.CleaningUp => "live",
        DrillState.Passed => "good",
        DrillState.Failed => "bad",
        _ => "warn",
    };

    public static string Of(ProofState state) => state switch
    {
        ProofState.Valid => "good",
        ProofState.Failed => "bad",
        _ => "warn",
    };

    public static string Of(CheckSeverity severity) => severity switch
    {
        CheckSeverity.Blocking => "bad",
        CheckSeverity.Overridable => "warn",
        _ => "",
    };

    public static string Of(Return shown) => shown.Next?.Kind switch
    {
        _ when shown.Step is not null => "live",
        NextKind.Done => "good",
        NextKind.Refused => "bad",
        NextKind.Ask or NextKind.Approval => "warn",
        _ => "",
    };

    /// <summary>A word as a button has it: GO_BACK is "Go back".</summary>
    public static string Verb(string word) => Plain(word) is { Length: > 0 } plain ? char.ToUpperInvariant(plain[0]) + plain[1..] : word;

    /// <summary>A state's word as a sentence has it: SUCCEEDED_WITH_WARNINGS is "succeeded with warnings".</summary>
    public static string Plain(string word) => word.Replace('_', ' ').ToLowerInvariant();
}
