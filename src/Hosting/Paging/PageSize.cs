using System.Globalization;

namespace HostAgent.Hosting.Paging;

/// <summary>How many entries a page of a list may have. The contract states both numbers.</summary>
/// <param name="Standard">How many a page has when the caller asks for 0.</param>
/// <param name="Largest">The most that a caller may ask for.</param>
public sealed record PageSize(int Standard, int Largest)
{
    /// <summary>The most bytes of a page: the largest message less room for one more entry of any size.</summary>
    public const int MaxBytes = 3 * 1024 * 1024;

    /// <summary>The campaigns of a coordinator.</summary>
    public static PageSize Campaigns { get; } = new(100, 1000);

    /// <summary>The items of a campaign.</summary>
    public static PageSize Items { get; } = new(500, 5000);

    /// <summary>The hosts of a coordinator.</summary>
    public static PageSize Hosts { get; } = new(500, 5000);

    /// <summary>The virtual machines of a host, at its agent and through the coordinator.</summary>
    public static PageSize VirtualMachines { get; } = new(500, 2000);

    /// <summary>What an agent's host tells of its machines.</summary>
    public static PageSize MachineFacts { get; } = new(200, 1000);

    /// <summary>The operations of an agent.</summary>
    public static PageSize Operations { get; } = new(100, 1000);

    /// <summary>What is allowed, for messages.</summary>
    public string Allowed => string.Create(CultureInfo.InvariantCulture, $"0 (which means {Standard}) or a whole number from 1 to {Largest}");

    /// <summary>Gives the size of a page.</summary>
    /// <param name="requested">What the caller asks for.</param>
    /// <returns>The size; null when the request is negative or too large.</returns>
    public int? Of(int requested) => requested == 0 ? Standard : requested > 0 && requested <= Largest ? requested : null;
}
