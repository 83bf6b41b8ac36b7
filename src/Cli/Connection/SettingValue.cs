namespace HostAgent.Cli.Connection;

/// <summary>The value of a setting and where it came from, so that an error in it can be found.</summary>
/// <param name="Text">The value.</param>
/// <param name="Source">The option, the variable, or the file and its property.</param>
internal sealed record SettingValue(string Text, string Source);
