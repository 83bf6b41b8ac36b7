using HostAgent.Agent.Configuration;
using HostAgent.HyperV.Sessions;

namespace HostAgent.Agent.Inspection;

/// <summary>Says which library for WMI is used, and whether the other one could be.</summary>
internal static class WmiFindings
{
    private const string Part = "wmi";

    /// <summary>Judges what could be loaded.</summary>
    public static Finding Of(WmiLibraryChoice choice)
    {
        var (wanted, other) = (WmiNames.Of(choice.Wanted), WmiNames.Of(choice.Other));
        return (choice.WhyNotWanted, choice.WhyNotOther) switch
        {
            (null, null) => Finding.Ok(Part, $"{wanted} is used; {other} could be loaded too"),
            (null, { } why) => Finding.Ok(Part, $"{wanted} is used; {other} could not: {why}"),
            ({ } why, null) => Finding.Warning(Part, $"{other} is used, because {wanted} could not be loaded: {why}"),
            ({ } why, { } whyOther) => Finding.Failed(Part, $"neither {wanted} nor {other} could be loaded: {why}; {whyOther}"),
        };
    }
}
