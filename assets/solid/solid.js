// What Streamlit's chart leaves undone for a figure in three dimensions. Plotly writes the camera of who turns it into the layout
// that it began with, which Streamlit has replaced since, so that the next frame would turn it back. And nobody tells the server
// how it was turned, and where its clock was stopped.
const CALM = 400; // ms without another change

export default function ({ data, setTriggerValue }) {
  let [figure, step, playing, telling] = [null, null, false];
  const hold = () => (figure.layout.scene.camera = figure._fullLayout.scene._scene.getCamera()).eye;
  const tell = () => {
    clearTimeout(telling);
    telling = setTimeout(() => {
      const { x, y, z } = hold();
      if (!playing) setTriggerValue("stood", { step, eye: [x, y, z] });
    }, CALM);
  };
  const listen = {
    plotly_relayout: tell,
    plotly_sliderchange: (change) => (step = Number(change.step.label)),
    plotly_animating: () => (playing = true) && hold(),
    plotly_animated: () => (playing = false) || tell(),
  };
  const watch = () => {
    const found = document.querySelector(`.st-key-${data} .js-plotly-plot`);
    if (!found?.on || found === figure) return;
    [figure, step, playing] = [found, null, false];
    for (const [event, hear] of Object.entries(listen)) figure.on(event, hear);
    figure.addEventListener("pointerdown", () => addEventListener("pointerup", tell, { once: true })); // Plotly hears it inside
  };
  const ticket = setInterval(watch, 200); // Plotly comes when it is first needed, and every new figure is another one
  return () => {
    clearInterval(ticket);
    clearTimeout(telling);
  };
}
