using System.Collections;
using System.ComponentModel;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace HostAgent.Hosting.Settings;

/// <summary>
/// Reads the settings of a section and reports all that is wrong with them at once: unknown keys, values that cannot be read, and values that the
/// <see cref="SettingRuleAttribute"/> beside the property or <see cref="ISettingsRules"/> does not allow.
/// </summary>
public static partial class SettingsReader
{
    /// <summary>Reads settings.</summary>
    /// <typeparam name="T">The settings; each property that can be set is one.</typeparam>
    /// <param name="configuration">All sources of settings.</param>
    /// <param name="section">The section.</param>
    /// <param name="errors">Receives one line for each error.</param>
    /// <returns>The settings. What could not be read has its default.</returns>
    public static T Read<T>(IConfiguration configuration, string section, ICollection<string> errors)
        where T : class, new()
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(errors);
        return (T)Read(typeof(T), configuration, section, errors);
    }

    private static object Read(Type type, IConfiguration configuration, string section, ICollection<string> errors)
    {
        var known = type.GetProperties().Where(property => property.CanWrite).ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);
        var groups = known.Values.Where(property => typeof(ISettingsGroup).IsAssignableFrom(property.PropertyType)).ToList();
        var named = known.Values.Where(property => GroupOf(property.PropertyType) is not null).ToList();
        var unreadable = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var readable = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        // The binder stops at the first value that it cannot read. Those values are reported and left out here, so that the rest is checked as well.
        foreach (var (key, value) in configuration.GetSection(section).AsEnumerable(makePathsRelative: true))
        {
            var name = key.Split(':')[0];
            if (!known.TryGetValue(name, out var property))
            {
                errors.Add($"{section}:{key} is not a setting; it must be one of {string.Join(", ", known.Keys)}.");
            }
            else if (groups.Contains(property))
            {
                // Its settings are read below. A value of the group itself has no meaning.
                if (key.Length == name.Length && value is not null)
                {
                    errors.Add($"{section}:{key} is '{value}'; it must be set by its own settings, such as {section}:{property.Name}:{property.PropertyType.GetProperties()[0].Name}.");
                }
            }
            else if (named.Contains(property))
            {
                // Its groups are read below. What is above them has no meaning.
                if (value is not null && key.Count(':') < 2)
                {
                    errors.Add($"{section}:{key} is '{value}'; it must be set by its own settings, such as {section}:{property.Name}:NAME:{GroupOf(property.PropertyType)!.GetProperties()[0].Name}.");
                }
            }
            else if (value is not null && !CanRead(property.PropertyType, value))
            {
                unreadable.Add(name);
                errors.Add(new SettingError(key, value, RuleOf(property)?.Allowed ?? AllowedOf(property.PropertyType)).ToLine(section));
            }
            else
            {
                readable[key] = value;
            }
        }

        var settings = new ConfigurationBuilder().AddInMemoryCollection(readable).Build().Get(type) ?? Activator.CreateInstance(type)!;
        foreach (var group in groups)
        {
            group.SetValue(settings, Read(group.PropertyType, configuration, $"{section}:{group.Name}", errors));
        }

        foreach (var property in named)
        {
            property.SetValue(settings, ReadNamed(GroupOf(property.PropertyType)!, property.PropertyType, configuration, $"{section}:{property.Name}", errors));
        }

        foreach (var error in known.Values.Where(property => !unreadable.Contains(property.Name)).SelectMany(property => Check(property, settings)))
        {
            errors.Add(error.ToLine(section));
        }

        foreach (var error in (settings as ISettingsRules)?.Check().Where(error => !unreadable.Contains(error.Key)) ?? [])
        {
            errors.Add(error.ToLine(section));
        }

        return settings;
    }

    // Names are the author's: keys of settings have no case, so they are lower case here.
    private static IDictionary ReadNamed(Type group, Type dictionary, IConfiguration configuration, string section, ICollection<string> errors)
    {
        var groups = (IDictionary)Activator.CreateInstance(dictionary)!;
        foreach (var child in configuration.GetSection(section).GetChildren().Where(child => child.GetChildren().Any()))
        {
            var name = child.Key.ToLowerInvariant();
            if (GroupName().IsMatch(name))
            {
                groups[name] = Read(group, configuration, $"{section}:{child.Key}", errors);
            }
            else
            {
                errors.Add($"{section}:{child.Key} has the name '{child.Key}'; it must be 1 to 63 of a-z, 0-9 and '-', starting with a letter.");
            }
        }

        return groups;
    }

    // The settings of each entry, when a property has several groups by their names.
    private static Type? GroupOf(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Dictionary<,>)
        && type.GetGenericArguments() is [var key, var group] && key == typeof(string) && typeof(ISettingsGroup).IsAssignableFrom(group) ? group : null;

    [GeneratedRegex("^[a-z][a-z0-9-]{0,62}\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex GroupName();

    private static SettingRuleAttribute? RuleOf(PropertyInfo property) => property.GetCustomAttribute<SettingRuleAttribute>();

    private static IEnumerable<SettingError> Check(PropertyInfo property, object settings)
    {
        if (RuleOf(property) is not { } rule)
        {
            return [];
        }

        return property.GetValue(settings) switch
        {
            null => rule.IsRequired ? [new SettingError(property.Name, null, rule.Allowed)] : [],
            Array list => list.Cast<object>().Where(element => !rule.Accepts(element)).Select(element => new SettingError(property.Name, element, rule.Allowed)),
            var value => rule.Accepts(value) ? [] : [new SettingError(property.Name, value, rule.Allowed)],
        };
    }

    private static Type Single(Type type) => type.GetElementType() ?? Nullable.GetUnderlyingType(type) ?? type;

    private static bool CanRead(Type type, string value)
    {
        // Empty is unset for a setting that may be unset.
        if (value.Length == 0 && Nullable.GetUnderlyingType(type) is not null)
        {
            return true;
        }

        try
        {
            TypeDescriptor.GetConverter(Single(type)).ConvertFromInvariantString(value);
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or NotSupportedException)
        {
            return false;
        }
    }

    private static string AllowedOf(Type type) => Single(type) switch
    {
        var single when single == typeof(TimeSpan) => "a time (d.hh:mm:ss)",
        var single when single == typeof(bool) => "true or false",
        var single when single == typeof(double) => "a number",
        _ => "a whole number",
    };
}
