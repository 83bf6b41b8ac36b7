namespace HostAgent.WebConsole.Words;

/// <summary>What the reasons for which items wait mean for the person who reads them.</summary>
internal static class Waits
{
    /// <summary>Whether nothing of it moves until a person has decided.</summary>
    public static bool NeedsPerson(WaitReason reason)
        => reason.Code is "ASKS" or "GATE" or "OUTAGE_APPROVAL" or "WAY_BACK_APPROVAL" || reason.Questions.Count > 0
            || (reason.Code.StartsWith("PAUSED_", StringComparison.Ordinal) && reason.Act.Length > 0);
}
