import { largestFileBytes, readSetting } from "./read-setting.ts";
import { type SettingName, settings } from "./settings.ts";
import { type App, insteadOf, requiredOf, settingsInFiles, settingsOf } from "./settings-of.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** What is given for a program, before it is parsed. */
export interface Given {
  readonly texts: Readonly<Record<string, string>>;
  /** The files that settings were read from, by the setting's name. */
  readonly files: ReadonlyMap<SettingName, string>;
  readonly problems: readonly string[];
}

const inFiles: ReadonlySet<string> = new Set(settingsInFiles);

/** The settings of `app` in `environment`, those in files read; a line for each that is another's or nobody's, missing, or not to be read. */
export function givenFor(app: App, environment: Environment): Given {
  const names: ReadonlySet<string> = new Set(settingsOf[app]);
  const texts: Record<string, string> = {};
  const files = new Map<SettingName, string>();
  const problems: string[] = [];
  for (const [variable, text] of Object.entries(environment)) {
    if (!variable.startsWith("SIGNET_") || variable.startsWith("SIGNET_TEST_") || text === undefined || text === "") continue;
    const name = settingOf(variable);
    if (name === undefined) problems.push(`${variable} is no setting of Signet`);
    else if (!names.has(name)) problems.push(`${variable} is no setting of ${app}`);
    else if (Object.hasOwn(texts, name)) problems.push(`${name} is given twice, by itself and by a file`);
    else {
      const value = variable === name ? text : readSetting(text);
      if (value === undefined) problems.push(`${variable} names no file of at most ${largestFileBytes} bytes that can be read`);
      // As with a variable, nothing in it is the same as leaving it out.
      else if (value !== "" || requiredOf[app].includes(name)) texts[name] = value;
      if (variable !== name) files.set(name, text);
    }
  }
  const isGiven = (name: SettingName | undefined) => name !== undefined && (Object.hasOwn(texts, name) || files.has(name));
  const missing = requiredOf[app].filter((name) => !isGiven(name) && !isGiven(insteadOf[name]));
  problems.push(...missing.map((name) => `${name} is required${inFiles.has(name) ? `, or ${name}_FILE` : ""}`));
  return { texts, files, problems };
}

function settingOf(variable: string): SettingName | undefined {
  const withoutFile = variable.replace(/_FILE$/, "");
  return isSetting(variable) ? variable : isSetting(withoutFile) && inFiles.has(withoutFile) ? withoutFile : undefined;
}

function isSetting(name: string): name is SettingName {
  return Object.hasOwn(settings, name);
}
