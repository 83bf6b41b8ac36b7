namespace HostAgent.Texts;

/// <summary>Who may read a file that is written. Windows has no modes; there the access list of the directory applies.</summary>
/// <param name="Mode">The mode of a new file.</param>
/// <param name="KeepsMode">Whether a file that exists keeps its own mode.</param>
public sealed record OutputFileOptions(UnixFileMode Mode, bool KeepsMode)
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>For its owner alone, as reports, audits and settings are: they tell of machines and people.</summary>
    public static OutputFileOptions Private { get; } = new(Owner, KeepsMode: true);

    /// <summary>For its owner alone, whatever the file was before: keys.</summary>
    public static OutputFileOptions Secret { get; } = new(Owner, KeepsMode: false);

    /// <summary>For everybody to read: certificates.</summary>
    public static OutputFileOptions Public { get; } = new(Owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead, KeepsMode: true);
}
