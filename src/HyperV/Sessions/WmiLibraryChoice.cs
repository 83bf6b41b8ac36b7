using HostAgent.HyperV.Mi;
using HostAgent.HyperV.Wmi;

namespace HostAgent.HyperV.Sessions;

/// <summary>Which library sessions use, and which could be loaded.</summary>
/// <param name="Wanted">The one that was asked for.</param>
/// <param name="WhyNotWanted">Why that one cannot be loaded, as a clause; null when it can.</param>
/// <param name="WhyNotOther">Why the other one cannot be loaded, as a clause; null when it can.</param>
public sealed record WmiLibraryChoice(WmiLibrary Wanted, string? WhyNotWanted, string? WhyNotOther)
{
    /// <summary>The other one.</summary>
    public WmiLibrary Other => OtherThan(Wanted);

    /// <summary>
    /// The one that is used: the one that was asked for, or the other if only that can be loaded. If neither can, the first call of the one that
    /// was asked for says so.
    /// </summary>
    public WmiLibrary Used => WhyNotWanted is not null && WhyNotOther is null ? Other : Wanted;

    /// <summary>Tries to load both libraries.</summary>
    /// <param name="wanted">The one to use if it can be loaded.</param>
    public static WmiLibraryChoice Inspect(WmiLibrary wanted) => new(wanted, WhyNot(wanted), WhyNot(OtherThan(wanted)));

    /// <summary>The one that is used. The other is only loaded when this one cannot be.</summary>
    /// <param name="wanted">The one to use if it can be loaded.</param>
    public static WmiLibrary Choose(WmiLibrary wanted) => WhyNot(wanted) is null ? wanted : Inspect(wanted).Used;

    private static WmiLibrary OtherThan(WmiLibrary library)
        => library is WmiLibrary.SystemManagement ? WmiLibrary.ManagementInfrastructure : WmiLibrary.SystemManagement;

    private static string? WhyNot(WmiLibrary library)
        => library is WmiLibrary.SystemManagement ? SystemManagementLibrary.WhyNot() : MiLibrary.Load().WhyNot;
}
