namespace HostAgent.WebConsole.Components.Parts;

/// <summary>How surely an order must be meant.</summary>
public enum ActGrade
{
    /// <summary>It can be taken back: it is given at once.</summary>
    Reversible,

    /// <summary>It interrupts work: it is asked again, in place.</summary>
    Interrupts,

    /// <summary>It may harm data or lets something go: a dialog names what, for exactly what is shown, and asks for a reason.</summary>
    GivesUp,
}

/// <summary>Something that is shown where an order is confirmed, and that must still be so when it is given.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">How it is.</param>
public sealed record ActFact(string Name, string Value);

/// <summary>An order as it was confirmed.</summary>
/// <param name="Reason">Why; empty for none.</param>
/// <param name="RequestId">The same for repetitions of one order, so that it is carried out once.</param>
/// <param name="Shown">What was shown when it was confirmed, and was still so.</param>
/// <param name="Cancelled">Cancelled when the page is left.</param>
public sealed record ActOrder(string Reason, string RequestId, IReadOnlyList<ActFact> Shown, CancellationToken Cancelled);
