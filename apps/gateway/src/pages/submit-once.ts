import { hashSource } from "./content-security-policy.ts";
import { Html } from "./html.ts";

/** The press of a button twice, or of Enter, comes within this time; whoever goes back and submits again takes longer. */
const repeatedWithinMilliseconds = 3000;

const script =
  `let last=-${repeatedWithinMilliseconds};` +
  `addEventListener("submit",event=>{if(event.timeStamp-last<${repeatedWithinMilliseconds})event.preventDefault();else last=event.timeStamp})`;

/** Of a double click only the first submits the page's form: the answer to the second would be that the sign-in is over. Nothing depends on it where scripts are off. */
export const submitOnce = new Html(`<script>${script}</script>`);

export const submitOnceSource = hashSource(script);
