import { accentCss, signetAccent } from "./accent.ts";
import { hashSource } from "./content-security-policy.ts";
import { darkPalette, lightPalette, type Palette } from "./palette.ts";

function surfaces(palette: Palette): string {
  return [
    `--page:${palette.page};--card:${palette.card};--inset:${palette.inset};--line:${palette.line};--edge:${palette.edge}`,
    `--text:${palette.text};--muted:${palette.mutedText}`,
    `--danger:${palette.dangerText};--danger-surface:${palette.dangerSurface};--danger-line:${palette.dangerLine}`,
  ].join(";");
}

const colours = `
:root{color-scheme:light dark;${surfaces(lightPalette)};--shadow:0 1px 2px rgb(16 24 40/.05),0 12px 32px -8px rgb(16 24 40/.1)}
@media (prefers-color-scheme:dark){:root{${surfaces(darkPalette)};--shadow:0 1px 2px rgb(0 0 0/.4),0 16px 40px -8px rgb(0 0 0/.5)}}
@media (prefers-contrast:more){:root{--line:var(--edge);--edge:var(--text);--muted:var(--text)}}
${accentCss(signetAccent)}`;

/** The layout starts from the narrowest screen, where the card is the page itself, and turns into a card where there is room around it. */
const layout = `
*,::before,::after{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--card);color:var(--text);font:400 1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","Liberation Sans",Arial,sans-serif;overflow-wrap:anywhere;-webkit-font-smoothing:antialiased;-moz-osx-font-smoothing:grayscale}
h1,h2,p,ul,dl,dd{margin:0;padding:0}
p,li{text-wrap:pretty}
.shell{display:flex;flex-direction:column;min-height:100vh;min-height:100dvh;padding:1.5rem 1.25rem}
.card{width:100%}
.legal{margin-top:auto;padding-top:2rem}
@media (min-width:30rem){
body{background:var(--page)}
.shell{justify-content:center;align-items:center;padding:2.5rem 1.5rem}
.card{max-width:27.5rem;padding:2.5rem;background:var(--card);border:1px solid var(--line);border-radius:1.25rem;box-shadow:var(--shadow)}
.legal{max-width:27.5rem;margin-top:0;padding-top:1.5rem}
}`;

const text = `
h1{font-size:1.75rem;line-height:1.2;font-weight:600;letter-spacing:-.022em;text-wrap:balance}
h2{font-size:.875rem;line-height:1.4;font-weight:600}
strong{font-weight:600}
a{color:var(--accent-text);text-underline-offset:.2em;text-decoration-thickness:.06em;border-radius:.25rem}
a:hover{text-decoration-thickness:.12em}
.note a,.legal a{white-space:nowrap}
svg{flex:none}
.lead{margin-top:.5rem;color:var(--muted)}
.lead strong,.lead a{color:var(--text)}
.welcome{margin-top:1rem;color:var(--muted);white-space:pre-line}
.note{margin-top:1.25rem;color:var(--muted);font-size:.875rem}
.note a,.legal a{color:inherit}
.note a:hover,.legal a:hover{color:var(--text)}
.legal{color:var(--muted);font-size:.8125rem;text-align:center}
.legal a{display:inline-block;margin:0 .5rem;padding:.25rem 0}
.new-tab{width:.65em;height:.65em;margin-inline-start:.2em;vertical-align:.05em}
.visually-hidden{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}`;

const parts = `
.brand{display:flex;align-items:center;gap:.75rem;margin-bottom:2rem;font-size:.9375rem;line-height:1.35;font-weight:600;letter-spacing:-.005em}
.brand>span{min-width:0}
.brand [dir],.account [dir],.scopes [dir]{text-align:left}
.mark{width:2.25rem;height:2.25rem;fill:var(--accent);stroke:var(--on-accent)}
.mark .edge{stroke:var(--accent)}
.logo{flex:none;height:2.25rem;width:auto;max-width:8rem;object-fit:contain;object-position:left center}
@media (prefers-color-scheme:dark){.logo{padding:.25rem .375rem;border-radius:.5rem;background:#fff}}
.emblem{flex:none;display:grid;place-items:center;width:2.75rem;height:2.75rem;border-radius:.75rem;border:1px solid var(--line);background:var(--inset);color:var(--text);font-size:1.125rem;font-weight:600;line-height:1;overflow:hidden}
img.emblem{object-fit:contain;background:#fff;padding:.25rem}
.emblem.round{border-radius:50%;border-color:transparent;background:var(--accent);color:var(--on-accent)}
.row{display:flex;gap:.875rem}
.row>:last-child{min-width:0;align-self:center}
.application{margin-top:1rem;color:var(--muted);line-height:1.4}
.application strong,.application strong a{color:var(--text)}
.account{margin-top:1.5rem;padding:.875rem 1rem;border:1px solid var(--line);border-radius:.875rem;line-height:1.4}
.account .emblem{align-self:center;width:2.5rem;height:2.5rem;font-size:1rem}
.account strong,.account small{display:block}
small{color:var(--muted);font-size:.875rem}
.scopes{list-style:none;margin-top:.5rem}
.scopes li{display:flex;gap:.75rem;padding:.375rem 0;line-height:1.4}
.scopes li>:last-child{min-width:0}
.scopes svg{width:1.25rem;height:1.25rem;margin-top:.075rem;color:var(--accent-text)}
.section{margin-top:1.5rem}
.alert{display:flex;gap:.625rem;margin-top:1.5rem;padding:.75rem .875rem;border:1px solid var(--danger-line);border-radius:.75rem;background:var(--danger-surface);color:var(--danger);font-size:.9375rem}
.alert svg{width:1.25rem;height:1.25rem;margin-top:.0625rem}
.caution{margin-top:1.25rem;padding:.75rem .875rem;border:1px solid var(--edge);border-radius:.75rem;background:var(--inset);font-size:.9375rem}
.details{display:grid;grid-template-columns:auto minmax(0,1fr);gap:.25rem 1rem;margin-top:1.75rem;padding:.875rem 1rem;border-radius:.875rem;background:var(--inset);border:1px solid var(--line);font-size:.8125rem;line-height:1.6}
.details dt{color:var(--muted)}
.details dd{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}`;

const controls = `
form{margin-top:1.75rem}
label{display:block;margin-bottom:.375rem;font-size:.875rem;font-weight:500}
.field+.field{margin-top:1.125rem}
input{display:block;width:100%;height:3rem;padding:0 .875rem;border:1px solid var(--edge);border-radius:.75rem;background:var(--card);color:var(--text);font:inherit}
input[aria-invalid]{border-color:var(--danger)}
.button{display:inline-flex;align-items:center;justify-content:center;width:100%;min-height:3rem;padding:.625rem 1.25rem;border:1px solid var(--edge);border-radius:.75rem;background:var(--card);color:var(--text);font:inherit;font-weight:600;text-align:center;text-decoration:none;cursor:pointer;touch-action:manipulation;transition:background-color .12s}
.button:hover{background:var(--inset)}
.primary{border-color:var(--accent-edge);background:var(--accent);color:var(--on-accent)}
.primary:hover{background:var(--accent-hover)}
.field~.button,.only-action{margin-top:1.75rem}
.button+.next-action{margin-top:.75rem}
.accounts{display:grid;gap:.75rem}
.account-choice{justify-content:flex-start;gap:.875rem;padding:.875rem 1rem;line-height:1.4;text-align:start}
.account-choice>:last-child{min-width:0}
.account-choice .emblem{width:2.5rem;height:2.5rem;font-size:1rem}
.account-choice strong,.account-choice small{display:block}
.account-choice small{font-weight:400}
.plain{margin-top:.75rem;border-color:transparent;background:none}
.choices{display:grid;grid-template-columns:1fr 1fr;gap:.75rem}
:focus-visible{outline:3px solid var(--accent-text);outline-offset:3px}
input:focus-visible{outline-width:2px;outline-offset:-1px;border-color:var(--accent-text)}
.late{animation:appear .2s .5s backwards}
@keyframes appear{from{opacity:0}}
@media (prefers-reduced-motion:reduce){*{transition:none}.late{animation-duration:1ms}}
@media (forced-colors:active){.emblem.round{border-color:CanvasText}.mark{fill:CanvasText;stroke:Canvas}.mark .edge{stroke:CanvasText}.primary{border-width:3px}input[aria-invalid]{border-width:3px}.scopes svg{color:CanvasText}}`;

/** The style of every page. Inlined, so that a page is one response and its policy allows exactly this text. */
export const stylesheet = [colours, layout, text, parts, controls].join("").replaceAll("\n", "");

export const stylesheetSource = hashSource(stylesheet);
